/** The real server as a child process, in a folder of its own that is gone afterwards. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../server.js', import.meta.url));
const STARTS_WITHIN_MS = 60_000;

export interface ServerProcess {
	readonly origin: string;
	readonly port: number;
	/** Its working directory; `data` is in it. */
	readonly folder: string;
	readonly child: ChildProcess;
	readonly ended: Promise<Ended>;
	/** Everything that it wrote so far. */
	output(): string;
	/** Sends SIGTERM unless it is gone, and waits. */
	stop(): Promise<number | null>;
}

/** What a server that ended by itself left behind. */
export interface Ended {
	readonly code: number | null;
	readonly output: string;
}

/**
 * Starts a server and waits until it listens.
 *
 * @throws {Error} with its output if it ends before.
 */
export async function startServer(
	variables: Readonly<Record<string, string>> = {},
	folder = newFolder(),
	program = PROGRAM
): Promise<ServerProcess> {
	const port = Number(variables['PORT'] ?? (await freePort()));
	const { child, output, ended } = launch({ PORT: String(port), ...variables }, folder, program);
	const listens = new Promise<'listens'>((resolve) => {
		child.stdout.on('data', () => {
			if (output().includes('Keyhold listens')) resolve('listens');
		});
	});
	const first = await Promise.race([listens, ended, after(STARTS_WITHIN_MS)]);
	if (first !== 'listens') {
		child.kill('SIGKILL');
		await ended;
		// Another test's server can take a port between the look at it and the start.
		const lostIt = variables['PORT'] === undefined && output().includes(`Port ${port} of`);
		if (lostIt) return startServer(variables, folder, program);
		removeFolder(folder);
		throw new Error(`the server did not start\n${output()}`);
	}
	const stop = async () => {
		if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
		return (await ended).code;
	};
	return { origin: `http://localhost:${port}`, port, folder, child, ended, output, stop };
}

/** Runs a server that is expected to refuse to start. */
export async function runToEnd(
	variables: Readonly<Record<string, string>>,
	folder = newFolder()
): Promise<Ended> {
	const { child, ended } = launch({ PORT: String(await freePort()), ...variables }, folder);
	const timer = setTimeout(() => child.kill('SIGKILL'), STARTS_WITHIN_MS);
	const end = await ended;
	clearTimeout(timer);
	return end;
}

export function newFolder(): string {
	return mkdtempSync(join(tmpdir(), 'keyhold-'));
}

export function removeFolder(folder: string): void {
	rmSync(folder, { recursive: true, force: true });
}

/**
 * A port that nothing listens on now. It lies below those that a system gives to whoever asks for any
 * port, and to what connects outwards: so it is still free when a program comes back to it.
 */
export async function freePort(): Promise<number> {
	for (;;) {
		const port = randomInt(20_000, 32_000);
		const probe = createServer();
		try {
			await once(probe.listen(port, '127.0.0.1'), 'listening');
			await once(probe.close(), 'close');
			return port;
		} catch (error) {
			if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
		}
	}
}

function launch(variables: Readonly<Record<string, string>>, folder: string, program = PROGRAM) {
	const child = spawn(process.execPath, [program], {
		cwd: folder,
		// Nothing of the surroundings: the server of a test is the same on every machine.
		env: { PATH: process.env['PATH'], ...variables },
		stdio: ['ignore', 'pipe', 'pipe']
	});
	const chunks: string[] = [];
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
	}
	const output = () => chunks.join('');
	const ended = new Promise<Ended>((resolve) => {
		child.once('close', (code) => {
			resolve({ code, output: output() });
		});
	});
	return { child, output, ended };
}

function after(ms: number): Promise<'late'> {
	return new Promise((resolve) => setTimeout(resolve, ms, 'late').unref());
}
