/** What `--help` says. */
import { EXIT } from './errors.ts';
import { COMMANDS, type CommandName } from './words.ts';

interface Text {
	readonly short: string;
	readonly more: readonly string[];
}

const TEXTS: Readonly<Record<CommandName, Text>> = {
	accounts: {
		short: 'list the accounts: email, age, sessions, second factor, keys, size',
		more: ['What is in a vault cannot be shown: the server has nothing that opens one.']
	},
	invite: {
		short: 'make a link with which that person can register; for a week, once',
		more: ['Where mail is configured it is mailed too.']
	},
	'setup-code': { short: 'show the code that the first account needs', more: [] },
	'disable-second-factor': {
		short: 'for someone whose authenticator and backup codes are lost',
		more: ['All sessions of the account end. It still takes the password, kit or passkey.']
	},
	'end-sessions': {
		short: 'sign an account out everywhere, as after the loss of a device',
		more: ['Whoever knows the password signs in again: have it changed too.']
	},
	'delete-account': {
		short: 'erase an account and everything of it, at once and for good',
		more: ['Asks for the email once more.', '  --yes  does not ask']
	},
	'rotate-keys': {
		short: 'wrap everything with the first of ENCRYPTION_KEYS, while the server serves',
		more: [
			'Put the new key in front and restart first. Interrupted, it goes on when it is asked for',
			'again. It ends with the names of the keys that may be removed then.'
		]
	},
	backup: {
		short: 'write an encrypted copy of the database, while the server runs or not',
		more: [
			'The file is one that the standard age program opens. Under a passphrase, which is asked for',
			'unless it stands in KEYHOLD_BACKUP_PASSPHRASE or in a file; or for whoever has an identity.',
			'  --recipient AGE1…        may be given more than once; then there is no passphrase',
			'  --passphrase-file FILE   its first line'
		]
	},
	restore: {
		short: 'put a backup in the place of the database; the server must be stopped',
		more: [
			'Takes a file of backup, or a plain copy such as keyhold.db.before-…',
			'  --identity FILE          for a backup that was made for a recipient',
			'  --passphrase-file FILE   its first line',
			'  --replace                keeps the database that is there aside, and takes its place'
		]
	},
	check: {
		short: 'open every stored value, walk every chain, count every row',
		more: [`Ends with ${EXIT.findings} if something is not as it must be, and says what.`]
	}
};

const EXITS = [
	`Exit codes: ${EXIT.done} done; ${EXIT.findings} check found something; ${EXIT.input} what was typed, or a file that it names, cannot be;`,
	`${EXIT.failed} refused or failed. With --json one JSON document is written to standard output.`
];

export function helpText(command: CommandName | undefined): string[] {
	if (command !== undefined) {
		const { short, more } = TEXTS[command];
		return [`npm run admin -- ${usage(command)}`, '', `${capital(short)}.`, ...more, '', ...EXITS];
	}
	const names = Object.keys(COMMANDS) as CommandName[];
	const width = Math.max(...names.map((name) => usage(name).length)) + 2;
	return [
		'npm run admin -- COMMAND [--json] [--help]',
		'',
		...names.map((name) => `  ${usage(name).padEnd(width)}${TEXTS[name].short}`),
		'',
		'If a server runs on DATA_DIR it does what is asked; else the command opens the database itself.',
		...EXITS
	];
}

function usage(command: CommandName): string {
	return [command, COMMANDS[command].operand].filter(Boolean).join(' ');
}

function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
