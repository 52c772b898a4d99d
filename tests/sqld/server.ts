/**
 * A real libSQL server for tests: a process of its own on loopback ports, its data in a folder that
 * goes with it. In front of it stands a door, through which the program comes: it leads to a
 * namespace by the first part of its path, and can be slow or shut, or lose answers.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
	copyFileSync,
	cpSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	readdirSync,
	rmSync
} from 'node:fs';
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../server-process.ts';
import { administer, LOOPBACK } from './administer.ts';
import { SQLD_PROGRAM } from './program.ts';

/** As docs/operations.md says: a list answer may be larger than what the server sends by itself. */
const LONGEST_ANSWER = '256MB';

interface Ports {
	readonly http: number;
	readonly admin: number;
	readonly grpc: number;
}

interface Beginning {
	/** A database that is to be the one called "default". */
	readonly file?: string;
	/** Of whoever makes tokens, as PEM: nobody comes in without one then. */
	readonly publicKey?: string;
	/** What it sends at most, where that is less than a list may need. */
	readonly longestAnswer?: string;
}

export class Sqld {
	/** Everything that it keeps. */
	readonly folder = mkdtempSync(join(tmpdir(), 'keyhold-sqld-'));
	readonly #words: readonly string[];
	readonly #publicKey: string | undefined;
	#child: ChildProcess | undefined;

	private constructor(
		readonly ports: Ports,
		words: readonly string[],
		publicKey?: string
	) {
		this.#words = words;
		this.#publicKey = publicKey;
	}

	static async primary(beginning: Beginning = {}): Promise<Sqld> {
		const { file, publicKey, longestAnswer = LONGEST_ANSWER } = beginning;
		const ports = await freePorts();
		const words = ['--grpc-listen-addr', `${LOOPBACK}:${ports.grpc}`];
		const sqld = new Sqld(ports, [...words, ...sizes(longestAnswer)], publicKey);
		if (file !== undefined) {
			const place = join(sqld.folder, 'dbs', 'default');
			mkdirSync(place, { recursive: true });
			copyFileSync(file, join(place, 'data'));
		}
		return await sqld.start();
	}

	/** @param grpc the port where it finds its primary. */
	static async replicaOf(grpc: number): Promise<Sqld> {
		const ports = await freePorts();
		const words = ['--primary-grpc-url', `http://${LOOPBACK}:${grpc}`];
		return await new Sqld(ports, [...words, ...sizes(LONGEST_ANSWER)]).start();
	}

	/** Also after {@link kill}, on the same data and ports. */
	async start(): Promise<this> {
		const { http, admin } = this.ports;
		const words = [
			...[
				'--http-listen-addr',
				`${LOOPBACK}:${http}`,
				'--admin-listen-addr',
				`${LOOPBACK}:${admin}`
			],
			...['--db-path', this.folder, '--enable-namespaces', '--no-welcome']
		];
		const key = this.#publicKey === undefined ? {} : { SQLD_AUTH_JWT_KEY: this.#publicKey };
		const env = { PATH: process.env['PATH'], RUST_LOG: 'off', ...key };
		this.#child = spawn(SQLD_PROGRAM, [...words, ...this.#words], { env, stdio: 'ignore' });
		while (!(await answers(`http://${LOOPBACK}:${http}/health`))) {
			if (this.#child.exitCode !== null) throw new Error('sqld ended before it answered');
			await wait(20);
		}
		return this;
	}

	/** A new database, empty. */
	async makeNamespace(name: string): Promise<void> {
		await administer(this.ports.admin, `${name}/create`, {});
	}

	/** Puts the folder of a database in the place of one that a server has; both are stopped. */
	copyTo(other: Sqld, name: string): void {
		const [from, to] = [this.folder, other.folder].map((folder) => join(folder, 'dbs', name));
		if (from === undefined || to === undefined) throw new Error('no folder');
		rmSync(to, { recursive: true });
		cpSync(from, to, { recursive: true });
	}

	/** From now on each write is synced to the disk. */
	async syncEachWrite(name: string): Promise<void> {
		const config = { block_reads: false, block_writes: false, allow_attach: false };
		await administer(this.ports.admin, `${name}/config`, { ...config, durability_mode: 'strong' });
	}

	get running(): boolean {
		return this.#child !== undefined;
	}

	/** It answers nothing any more, and holds its connections open. */
	/** Resolves when it stands still: on a busy machine its threads go on for a while after the signal. */
	async freeze(): Promise<void> {
		const child = this.#child;
		if (child?.kill('SIGSTOP') !== true) return;
		while (threadsOf(child).some((state) => state !== 'T')) await wait(5);
	}

	thaw(): void {
		this.#child?.kill('SIGCONT');
	}

	async kill(): Promise<void> {
		const child = this.#child;
		this.#child = undefined;
		if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
		const ended = once(child, 'exit');
		child.kill('SIGKILL');
		await ended;
	}

	async remove(): Promise<void> {
		await this.kill();
		rmSync(this.folder, { recursive: true, force: true });
	}
}

/** The way of a program to the namespaces of a server. */
export class Door {
	/** Before each request goes on. */
	lagMs = 0;
	/** Whether requests are dropped with their connection. */
	shut = false;
	/** Whether the answers to writes are lost: what they ask for is done. */
	losesAnswers = false;
	/** Where requests are sent on to, by an answer that says so. */
	leadsTo: string | undefined;
	/** How many requests came. */
	requests = 0;
	readonly #agent = new Agent({ keepAlive: true });
	readonly #server = createServer((from, to) => {
		this.#pass(from, to).catch(() => to.destroy());
	});

	private constructor(readonly target: Sqld) {}

	static async to(target: Sqld): Promise<Door> {
		const door = new Door(target);
		door.#server.listen(0, LOOPBACK);
		await once(door.#server, 'listening');
		return door;
	}

	/** DATABASE_URL of a namespace. */
	url(namespace: string): string {
		return `http://${LOOPBACK}:${(this.#server.address() as AddressInfo).port}/${namespace}/`;
	}

	close(): void {
		this.#server.close();
		this.#server.closeAllConnections();
		this.#agent.destroy();
	}

	async #pass(from: IncomingMessage, to: ServerResponse): Promise<void> {
		this.requests++;
		const body = await bodyOf(from);
		if (this.lagMs > 0) await wait(this.lagMs);
		if (this.shut) {
			from.socket.destroy();
			return;
		}
		if (this.leadsTo !== undefined) {
			to.writeHead(307, { location: new URL(from.url ?? '/', this.leadsTo).href }).end();
			return;
		}
		const [, namespace = '', path = ''] = /^\/([^/]+)(\/.*)$/.exec(from.url ?? '') ?? [];
		const passed = request(
			{
				host: LOOPBACK,
				port: this.target.ports.http,
				path,
				method: from.method,
				headers: { ...from.headers, host: `${namespace}.localhost` },
				agent: this.#agent
			},
			(answer) => {
				if (this.losesAnswers && body.includes('BEGIN IMMEDIATE')) {
					answer.resume().once('end', () => to.destroy());
					return;
				}
				to.writeHead(answer.statusCode ?? 502, answer.headers);
				answer.pipe(to);
				answer.on('error', () => to.destroy());
			}
		);
		passed.on('error', () => to.destroy());
		to.on('close', () => passed.destroy());
		passed.end(body);
	}
}

/** Of each thread of a process, as Linux says it: `T` is stopped. */
function threadsOf({ pid }: ChildProcess): string[] {
	const tasks = `/proc/${pid}/task`;
	return readdirSync(tasks).map((task) => {
		try {
			return /\) (\w) /.exec(readFileSync(join(tasks, task, 'stat'), 'utf8'))?.[1] ?? '';
		} catch {
			// It has ended meanwhile.
			return 'T';
		}
	});
}

function sizes(longestAnswer: string): string[] {
	return ['--max-response-size', longestAnswer, '--max-total-response-size', '1GB'];
}

async function bodyOf(from: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of from as AsyncIterable<Buffer>) chunks.push(chunk);
	return Buffer.concat(chunks);
}

async function freePorts(): Promise<Ports> {
	return { http: await freePort(), admin: await freePort(), grpc: await freePort() };
}

async function answers(url: string): Promise<boolean> {
	try {
		return (await fetch(url)).ok;
	} catch {
		return false;
	}
}
