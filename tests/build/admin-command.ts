/** The host's command as a process, beside a server or where none runs, and people on that server. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
	freePort,
	newFolder,
	removeFolder,
	startServer,
	type ServerProcess
} from '../server-process.ts';
import type { Sent } from '../server/host.ts';
import { Person } from '../server/person.ts';

export const PROGRAM = fileURLToPath(new URL('../../scripts/admin.js', import.meta.url));
const UNLIMITED = {
	LOG_LEVEL: 'warn',
	LIMIT_REQUESTS: '100000/m',
	LIMIT_AUTH: '100000/m',
	LIMIT_COMMITS: '100000/m',
	LIMIT_READS: '100000/m',
	LIMIT_REGISTRATIONS_NETWORK: '100000/h'
};

export interface Ran {
	readonly code: number | null;
	readonly out: string;
	readonly err: string;
}

/** A folder with a server's data, whether one runs there or not. */
export class Place {
	readonly folder = newFolder();
	readonly variables: Record<string, string>;
	server: ServerProcess | undefined;

	private constructor(port: number) {
		this.variables = { PORT: String(port), ...UNLIMITED };
	}

	/** A server of its own runs there. */
	static async open(): Promise<Place> {
		const place = await Place.empty();
		await place.start();
		return place;
	}

	/** Nothing is there yet. */
	static async empty(): Promise<Place> {
		return new Place(await freePort());
	}

	get origin(): string {
		return `http://localhost:${this.variables['PORT'] ?? ''}`;
	}

	async start(variables: Record<string, string> = {}): Promise<void> {
		this.server = await startServer({ ...this.variables, ...variables }, this.folder);
	}

	async stop(): Promise<void> {
		await this.server?.stop();
		this.server = undefined;
	}

	async kill(): Promise<void> {
		this.server?.child.kill('SIGKILL');
		await this.server?.ended;
		this.server = undefined;
	}

	async remove(): Promise<void> {
		await this.stop();
		removeFolder(this.folder);
	}

	/** Someone with an account on the server that runs here. */
	async someone(email?: string): Promise<Person> {
		const person = new Person(
			{ send: (path, sent) => this.#send(path, sent) },
			email,
			undefined,
			this.origin
		);
		const { status } = await person.register();
		if (status !== 200) throw new Error(`register: ${status}`);
		await person.signIn();
		return person;
	}

	async admin(words: readonly string[], variables: Record<string, string> = {}): Promise<Ran> {
		return await finished(this.spawnAdmin(words, variables));
	}

	/** What it writes with `--json`. */
	async json(words: readonly string[]): Promise<Record<string, unknown> & { code: number | null }> {
		const { code, out } = await this.admin([...words, '--json']);
		return { ...(JSON.parse(out) as Record<string, unknown>), code };
	}

	spawnAdmin(words: readonly string[], variables: Record<string, string> = {}) {
		return spawn(process.execPath, [PROGRAM, ...words], {
			cwd: this.folder,
			env: { PATH: process.env['PATH'], ...this.variables, ...variables },
			stdio: ['ignore', 'pipe', 'pipe']
		});
	}

	/** Runs it on a terminal and answers each question that ends with a colon with the next line. */
	async onTerminal(words: readonly string[], lines: readonly string[]): Promise<Ran> {
		const command = [process.execPath, PROGRAM, ...words].map((word) => `'${word}'`).join(' ');
		return await answered(command, lines, {
			cwd: this.folder,
			env: { PATH: process.env['PATH'], ...this.variables }
		});
	}

	async #send(path: string, { method, headers, body }: Sent = {}): Promise<Response> {
		return await fetch(this.origin + path, {
			method: method ?? 'GET',
			headers: { ...headers },
			...(typeof body === 'string' ? { body } : {})
		});
	}
}

/** Runs `command` on a terminal of its own; what is typed there comes back unless it is hidden. */
export async function answered(
	command: string,
	lines: readonly string[],
	options: { readonly cwd: string; readonly env?: Record<string, string | undefined> }
): Promise<Ran> {
	const words = ['--quiet', '--return', '--command', command, '/dev/null'];
	const child = spawn('script', words, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
	let shown = '';
	let asked = 0;
	child.stdout.on('data', (chunk: Buffer) => {
		shown += chunk.toString();
		const questions = shown.match(/(assphrase[^\n]*|more): /g)?.length ?? 0;
		for (; asked < questions; asked++) child.stdin.write(`${lines[asked] ?? ''}\n`);
	});
	const ran = await finished(child);
	return { ...ran, out: shown };
}

async function finished(child: ReturnType<typeof spawn>): Promise<Ran> {
	let [out, err] = ['', ''];
	child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
	child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
	const code = await new Promise<number | null>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', resolve);
	});
	return { code, out, err };
}
