/** The host's command, `npm run admin -- COMMAND`: scripts/admin.js starts it. */
import { EnvError } from '#lib/server/env.ts';
import { StartError } from '#lib/server/errors.ts';
import { backUp } from './backup.ts';
import {
	accounts,
	check,
	deleteAccount,
	disableSecondFactor,
	endSessions,
	invite,
	rotateKeys,
	setupCode
} from './commands.ts';
import { AdminError, EXIT } from './errors.ts';
import { codeOf } from './files.ts';
import { helpText } from './help.ts';
import { sentence } from './reach.ts';
import type { Outcome } from './report.ts';
import { restore } from './restore.ts';
import { thisTerminal, type Surroundings } from './surroundings.ts';
import { readWords, type Asked } from './words.ts';

/** Does what `words` say. @returns the exit code */
export async function run(
	words: readonly string[],
	environment: Surroundings['environment']
): Promise<number> {
	const surroundings = thisTerminal(environment);
	const json = words.includes('--json');
	try {
		const asked = readWords(words);
		if (asked.help) {
			for (const line of helpText(asked.command)) surroundings.out(line);
			return EXIT.done;
		}
		const outcome = await perform(surroundings, asked);
		if (json) surroundings.out(JSON.stringify({ ok: true, ...outcome.json }));
		else for (const line of outcome.lines) surroundings.out(line);
		return outcome.exitCode ?? EXIT.done;
	} catch (error) {
		const { code, message } = told(error);
		surroundings.err(message);
		if (json) surroundings.out(JSON.stringify({ ok: false, code, message }));
		return EXIT[code];
	}
}

async function perform(
	surroundings: Surroundings,
	{ command, operand, options }: Extract<Asked, { help: false }>
): Promise<Outcome> {
	switch (command) {
		case 'accounts':
			return await accounts(surroundings);
		case 'invite':
			return await invite(surroundings, operand);
		case 'setup-code':
			return await setupCode(surroundings);
		case 'disable-second-factor':
			return await disableSecondFactor(surroundings, operand);
		case 'end-sessions':
			return await endSessions(surroundings, operand);
		case 'delete-account':
			return await deleteAccount(surroundings, operand, options.yes);
		case 'rotate-keys':
			return await rotateKeys(surroundings);
		case 'backup':
			return await backUp(surroundings, operand, options);
		case 'restore':
			return await restore(surroundings, operand, options);
		case 'check':
			return await check(surroundings);
	}
}

/** Faults that the person can put right have sentences; of others the stack is what helps. */
function told(error: unknown): Pick<AdminError, 'code' | 'message'> {
	if (error instanceof AdminError) return error;
	if (error instanceof StartError) return { code: 'failed', message: sentence(error.message) };
	if (error instanceof EnvError) return { code: 'failed', message: error.message };
	if (codeOf(error) === 'ABORT_ERR') return { code: 'failed', message: 'Nothing was done.' };
	const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
	return { code: 'failed', message };
}
