/** Many clients of one server at once. What they keep is random bytes of the right sizes. */
import {
	closeSync,
	fdatasyncSync,
	openSync,
	readFileSync,
	rmSync,
	writeFileSync,
	writeSync
} from 'node:fs';
import { join } from 'node:path';
import { traveller } from '../tests/build/traveller.ts';
import { newId, random } from '../tests/server/material.ts';
import type { Person } from '../tests/server/person.ts';
import type { ServerProcess } from '../tests/server-process.ts';
import { wideServer } from './wide-server.ts';

/** A sheet of 64 keys, padded and sealed: 8 pages and what sealing adds. */
const SHEET_BYTES = 8 * 4_096 + 29;
const SECRET_BYTES = 285;
const KEYS_PER_SHEET = 64;
const REGISTERED_AT_ONCE = 20;
const METRICS_TOKEN = 'for-the-benches-only-'.repeat(2);

/** A server that tells of its event loop; or the next one in the place of `before`. */
export async function watchedServer(before?: ServerProcess): Promise<ServerProcess> {
	const variables = { METRICS_TOKEN, LOG_LEVEL: 'error' };
	if (before === undefined) return await wideServer(variables);
	return await wideServer({ ...variables, PORT: String(before.port) }, before.folder);
}

/** So many people, registered and signed in, each with a vault of so many keys. */
export async function people(
	server: () => ServerProcess,
	count: number,
	keys: number
): Promise<readonly Person[]> {
	const all = Array.from({ length: count }, () => traveller(server));
	for (let start = 0; start < count; start += REGISTERED_AT_ONCE) {
		await Promise.all(all.slice(start, start + REGISTERED_AT_ONCE).map((one) => settle(one, keys)));
	}
	return all;
}

async function settle(person: Person, keys: number): Promise<void> {
	const { status } = await person.register();
	if (status !== 200) throw new Error(`register: ${status}`);
	await person.signIn();
	const sheets = Array.from({ length: Math.ceil(keys / KEYS_PER_SHEET) }, newSheet);
	if (sheets.length > 0) await person.commit(person.commitOf({ sheets }));
}

/** One key written: its secret, and a sheet of 64. */
export async function commitOne(person: Person): Promise<void> {
	const secrets = [{ item: newId(), blob: random(SECRET_BYTES) }];
	const { outcome } = await person.commit(person.commitOf({ sheets: [newSheet()], secrets }));
	if (outcome !== 'stored') throw new Error(outcome);
}

/** All sheets, as after signing in; they are not kept. Who is told to come again later does so. */
export async function list(person: Person): Promise<void> {
	for (;;) {
		const response = await person.send(`/api/v1/vaults/${person.vault}?after=0`);
		await response.body?.pipeTo(new WritableStream());
		if (response.status === 200) return;
		const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
		if (response.status !== 503 || !(seconds > 0)) throw new Error(`list: ${response.status}`);
		refused++;
		await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
	}
}

let refused = 0;

/** How often a list was refused as busy since the last look. */
export function refusals(): number {
	const count = refused;
	refused = 0;
	return count;
}

export async function challenge(person: Person): Promise<void> {
	await person.challenge({ email: person.email, purpose: 1 });
}

export async function signIn(person: Person): Promise<void> {
	await person.signIn();
}

/** How often a second `act` is done if each of `clients` does it again and again, once at least. */
export async function ratePerSecond(
	clients: readonly Person[],
	act: (person: Person) => Promise<void>,
	seconds: number
): Promise<number> {
	const begun = performance.now();
	const end = begun + seconds * 1_000;
	let done = 0;
	await Promise.all(
		clients.map(async (person) => {
			do {
				await act(person);
				done++;
			} while (performance.now() < end);
		})
	);
	return (done * 1_000) / (performance.now() - begun);
}

/**
 * What the disk would take: as many bytes as a commit carries appended to a file and made durable, one
 * after another.
 */
export function floorPerSecond(folder: string, seconds: number): number {
	const bytes = random(SHEET_BYTES + SECRET_BYTES);
	const path = join(folder, 'floor');
	const file = openSync(path, 'a');
	const begun = performance.now();
	let done = 0;
	while (performance.now() < begun + seconds * 1_000) {
		writeSync(file, bytes);
		fdatasyncSync(file);
		done++;
	}
	const rate = (done * 1_000) / (performance.now() - begun);
	closeSync(file);
	rmSync(path);
	return rate;
}

/** How late the event loop ran since the last look, in milliseconds: 99 of 100 turns were better. */
export async function loopDelay({ origin }: ServerProcess): Promise<number> {
	const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
	const text = await (await fetch(`${origin}/metrics`, { headers })).text();
	const seconds = /event_loop_delay_seconds\{quantile="0.99"\} (\S+)/.exec(text)?.[1];
	return Number(seconds) * 1_000;
}

/** From now on the most that it ever had is what it has now. */
export function forgetPeak({ child }: ServerProcess): void {
	writeFileSync(`/proc/${child.pid ?? 0}/clear_refs`, '5');
}

/** Of the server's process, in megabytes: what it has now, or the most that it ever had. */
export function memoryOf({ child }: ServerProcess, which: 'VmRSS' | 'VmHWM'): number {
	const status = readFileSync(`/proc/${child.pid ?? 0}/status`, 'utf8');
	return Number(new RegExp(`${which}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1_024;
}

function newSheet() {
	return { id: newId(), blob: random(SHEET_BYTES) };
}
