/** Programs that are started for one thing. */
import { spawn } from 'node:child_process';

/**
 * @returns what it printed, once it has ended.
 * @throws {Error} if it did not end well.
 */
export function run(
	program: string,
	words: readonly string[],
	input: string | Uint8Array = '',
	env: NodeJS.ProcessEnv = process.env
): Promise<string> {
	return new Promise((resolve, reject) => {
		const child = spawn(program, words, { env, stdio: ['pipe', 'pipe', 'pipe'] });
		const printed: string[] = [];
		let complaint = '';
		child.stdout.setEncoding('utf8').on('data', (chunk: string) => printed.push(chunk));
		child.stderr.setEncoding('utf8').on('data', (chunk: string) => (complaint += chunk));
		child.once('error', reject);
		child.once('close', (code) => {
			if (code === 0) resolve(printed.join(''));
			else reject(new Error(`${program} ended with ${String(code)}: ${complaint}`));
		});
		// One that needs no input may have closed it already.
		child.stdin.on('error', () => undefined);
		child.stdin.end(input);
	});
}
