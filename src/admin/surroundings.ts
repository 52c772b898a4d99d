/** What the command is run in: its environment, two streams, and perhaps a person at a terminal. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

export interface Surroundings {
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** For what was asked for. */
	out(line: string): void;
	/** For everything else: questions, progress, what went wrong. */
	err(line: string): void;
	/** Whether somebody could answer. */
	readonly interactive: boolean;
	ask(question: string): Promise<string>;
	/** The answer is not shown. */
	askHidden(question: string): Promise<string>;
}

export function thisTerminal(environment: Surroundings['environment']): Surroundings {
	return {
		environment,
		out: (line) => process.stdout.write(`${line}\n`),
		err: (line) => process.stderr.write(`${line}\n`),
		interactive: process.stdin.isTTY,
		ask: (question) => readLine(question, true),
		askHidden: (question) => readLine(question, false)
	};
}

async function readLine(question: string, shown: boolean): Promise<string> {
	process.stderr.write(question);
	const output = shown
		? process.stderr
		: new Writable({
				write: (_chunk, _encoding, done) => {
					done();
				}
			});
	const reader = createInterface({ input: process.stdin, output, terminal: true });
	const interrupted = new AbortController();
	// Readline takes Ctrl+C for itself.
	reader.once('SIGINT', () => {
		interrupted.abort();
	});
	reader.once('close', () => {
		interrupted.abort();
	});
	try {
		return await reader.question('', { signal: interrupted.signal });
	} finally {
		reader.close();
		if (!shown) process.stderr.write('\n');
	}
}
