/** What was typed, as a command with its options; strict, so that no word is ignored in silence. */
import { parseArgs } from 'node:util';
import { AdminError } from './errors.ts';

/** `operand`: the one word that a command takes after its name. */
export const COMMANDS = {
	accounts: { operand: undefined, options: [] },
	invite: { operand: 'EMAIL', options: [] },
	'setup-code': { operand: undefined, options: [] },
	'disable-second-factor': { operand: 'EMAIL', options: [] },
	'end-sessions': { operand: 'EMAIL', options: [] },
	'delete-account': { operand: 'EMAIL', options: ['yes'] },
	'rotate-keys': { operand: undefined, options: [] },
	backup: { operand: 'FILE', options: ['recipient', 'passphrase-file'] },
	restore: { operand: 'FILE', options: ['identity', 'passphrase-file', 'replace'] },
	check: { operand: undefined, options: [] }
} as const;

export type CommandName = keyof typeof COMMANDS;

export interface Options {
	readonly yes: boolean;
	readonly replace: boolean;
	readonly recipients: readonly string[];
	readonly identity: string | undefined;
	readonly passphraseFile: string | undefined;
}

export type Asked =
	| { readonly help: true; readonly command: CommandName | undefined }
	| {
			readonly help: false;
			readonly command: CommandName;
			readonly operand: string;
			readonly options: Options;
	  };

const OPTIONS = {
	help: { type: 'boolean', short: 'h' },
	json: { type: 'boolean' },
	yes: { type: 'boolean' },
	replace: { type: 'boolean' },
	recipient: { type: 'string', multiple: true },
	identity: { type: 'string' },
	'passphrase-file': { type: 'string' }
} as const;

/** Options that every command takes. */
const COMMON = ['help', 'json'];

/** @throws {AdminError} `input` with what is wrong about it. */
export function readWords(words: readonly string[]): Asked {
	const { values, positionals } = parse(words);
	const [name, operand, ...more] = positionals;
	if (name !== undefined && !isCommand(name)) {
		throw new AdminError('input', `There is no command “${name}”. ${SEE_HELP}`);
	}
	if (values.help === true) return { help: true, command: name };
	if (name === undefined) throw new AdminError('input', `Which command? ${SEE_HELP}`);
	refuseOptions(name, Object.keys(values));
	const wanted = COMMANDS[name].operand;
	if (wanted !== undefined && (operand === undefined || operand === '')) {
		throw new AdminError('input', `${name} needs ${article(wanted)}: ${name} ${wanted}`);
	}
	const surplus = wanted === undefined ? operand : more[0];
	if (surplus !== undefined) {
		throw new AdminError('input', `${name} does not know what to do with “${surplus}”.`);
	}
	return {
		help: false,
		command: name,
		operand: operand ?? '',
		options: {
			yes: values.yes === true,
			replace: values.replace === true,
			recipients: values.recipient ?? [],
			identity: values.identity,
			passphraseFile: values['passphrase-file']
		}
	};
}

const SEE_HELP = 'See: npm run admin -- --help';

function parse(words: readonly string[]) {
	try {
		return parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true });
	} catch (error) {
		// Of Node, about the words alone: "Unknown option '--x'. …".
		const message = error instanceof Error ? error.message : String(error);
		throw new AdminError('input', `${message.split('. ')[0] ?? ''}. ${SEE_HELP}`);
	}
}

function refuseOptions(command: CommandName, given: readonly string[]): void {
	const allowed: readonly string[] = [...COMMON, ...COMMANDS[command].options];
	const other = given.find((option) => !allowed.includes(option));
	if (other !== undefined) throw new AdminError('input', `${command} takes no --${other}.`);
}

function isCommand(name: string): name is CommandName {
	return Object.hasOwn(COMMANDS, name);
}

function article(operand: string): string {
	return operand === 'EMAIL' ? 'an email' : 'a file';
}
