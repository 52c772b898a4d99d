/**
 * A server that is killed at any moment of a rotation: what starts again is the old account whole or
 * the new one whole, and what was acknowledged is the new one. Each run goes on from the last.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { count, record } from '../figures.ts';
import { freePort, removeFolder, startServer, type ServerProcess } from '../server-process.ts';
import { passwordSlotOf, recoverySlotOf } from '../server/enrolled.ts';
import type { Sent } from '../server/host.ts';
import { newKey, type Key } from '../server/material.ts';
import { Person, secret, secretsOf, sheet } from '../server/person.ts';
import {
	adopt,
	partOf,
	rotate,
	rotationOf,
	stage,
	type Names,
	type Part,
	type Request
} from '../server/rotating.ts';

const SECRETS = count(300, 2_000);
const SHEETS = Math.ceil(SECRETS / 64);
/** No run is about speed: this ends one that hangs. */
const HANGS_AFTER_MS = 120_000;
/** Secrets of one part, and of one export. */
const SLICE = 100;
const ROUNDS = count(1, 30);

const VARIABLES = {
	LOG_LEVEL: 'error',
	LIMIT_REQUESTS: '100000/m',
	LIMIT_AUTH: '100000/m',
	LIMIT_COMMITS: '100000/m',
	LIMIT_READS: '100000/m',
	LIMIT_FAILURES_HERE: '100000/m',
	LIMIT_FAILURES_ACCOUNT: '100000/m',
	LIMIT_FAILURES_NETWORK: '100000/m'
};

/** All that can be seen of the account in one of its generations. */
interface Version {
	readonly generation: number;
	readonly key: Key;
	readonly manifest: Uint8Array;
	readonly vaultManifest: Uint8Array;
	readonly part: Part;
}

let server: ServerProcess;
let person: Person;
let names: Names;
/** What the account is. */
let version: Version;
let variables: Readonly<Record<string, string>>;
/** When a switch is about to be written, counted from its request: follows what the kills find. */
let aimMs: number;

beforeAll(async () => {
	variables = { ...VARIABLES, PORT: String(await freePort()) };
	server = await startServer(variables);
	person = new Person({ send }, undefined, undefined, server.origin);
	expect((await person.register()).status).toBe(200);
	await person.signIn();
	const sheets = Array.from({ length: SHEETS }, () => sheet());
	const secrets = Array.from({ length: SECRETS }, () => secret());
	const commit = person.commitOf({ sheets, secrets });
	await person.commit(commit);
	names = { sheets: sheets.map(({ id }) => id), secrets: secrets.map(({ item }) => item) };
	version = {
		generation: 1,
		key: person.key,
		manifest: person.accountManifest,
		vaultManifest: commit.manifest,
		part: { vault: person.vault, sheets, secrets }
	};
	const first = prepare();
	await stageAll(first);
	const began = performance.now();
	expect((await rotate(person, first.request)).status).toBe(200);
	aimMs = performance.now() - began;
	await settle(first, 'new');
});

afterAll(async () => {
	await server.stop();
	removeFolder(server.folder);
});

/** A request over the network, as a browser of this origin sends it. */
async function send(path: string, { method, headers, body }: Sent = {}): Promise<Response> {
	return await fetch(server.origin + path, {
		method: method ?? 'GET',
		headers: { ...headers },
		...(typeof body === 'string' ? { body } : {})
	});
}

interface Prepared {
	readonly request: Request;
	readonly parts: readonly Part[];
	readonly next: Version;
}

/** The next rotation, sealed. */
function prepare(): Prepared {
	const generation = version.generation + 1;
	const key = newKey();
	const request = rotationOf(person, {
		slots: [
			passwordSlotOf(person, { key, revision: generation }),
			recoverySlotOf(person, { revision: generation })
		]
	});
	const part = partOf(person.vault, names);
	const parts: Part[] = [{ ...part, secrets: [] }];
	for (let at = 0; at < SECRETS; at += SLICE) {
		parts.push({ ...part, sheets: [], secrets: part.secrets.slice(at, at + SLICE) });
	}
	const [vault] = request.vaults;
	if (vault === undefined) throw new Error('a rotation without the vault');
	const { manifest } = request;
	const next = { generation, key, manifest, vaultManifest: vault.manifest, part };
	return { request, parts, next };
}

async function stageAll({ request, parts }: Prepared): Promise<void> {
	for (const part of parts) {
		expect((await stage(person, request.rotation, part)).status).toBe(204);
	}
}

/** The process is gone at once, whatever it was doing. */
async function kill(): Promise<void> {
	server.child.kill('SIGKILL');
	await server.ended;
}

/** Sends, and kills the server at some moment of its work. */
async function killDuring(request: () => Promise<Response>): Promise<'acknowledged' | 'cut'> {
	const answer = request().then(
		({ status }) => (status === 200 || status === 204 ? ('acknowledged' as const) : 'refused'),
		() => 'cut' as const
	);
	await wait(randomInt(Math.ceil(2 * aimMs) + 1));
	await kill();
	const outcome = await answer;
	if (outcome === 'refused') throw new Error('a request was refused');
	return outcome;
}

/** What must be found after the kill; `either` if nobody was told. */
type Found = 'old' | 'new' | 'either';

const MOMENTS: Readonly<Record<string, (prepared: Prepared) => Promise<Found>>> = {
	'before the first part': async () => {
		await kill();
		return 'old';
	},
	'during a part': async ({ request, parts }) => {
		const [first, second] = parts;
		if (first === undefined || second === undefined) throw new Error('too few parts');
		await stage(person, request.rotation, first);
		await killDuring(() => stage(person, request.rotation, second));
		return 'old';
	},
	'between two parts': async ({ request, parts }) => {
		for (const part of parts.slice(0, 3)) await stage(person, request.rotation, part);
		await kill();
		return 'old';
	},
	'after the last part': async (prepared) => {
		await stageAll(prepared);
		await kill();
		return 'old';
	},
	'during the switch': duringSwitch,
	'during the switch, again': duringSwitch,
	'during the switch, once more': duringSwitch,
	'after the answer': async (prepared) => {
		await stageAll(prepared);
		expect((await rotate(person, prepared.request)).status).toBe(200);
		await kill();
		return 'new';
	}
};

async function duringSwitch(prepared: Prepared): Promise<Found> {
	await stageAll(prepared);
	const told = await killDuring(() => rotate(person, prepared.request));
	return told === 'acknowledged' ? 'new' : 'either';
}

/** Signs in with whichever password is the account's. */
async function signInAs({ next }: Prepared): Promise<'old' | 'new'> {
	for (const [which, { key }] of [['new', next] as const, ['old', version] as const]) {
		person.key = key;
		const challenge = await person.challenge({ email: person.email, purpose: 1 });
		const { status } = await person.verify(person.signed(challenge, 1));
		if (status === 200) return which;
		expect(status).toBe(401);
	}
	throw new Error('no password signs in');
}

/** Everything that there is belongs to one version. */
async function expectWhole({ generation, manifest, vaultManifest, part }: Version): Promise<void> {
	const account = await person.getAccount();
	expect(account).toMatchObject({ generation, manifest: { seq: generation, blob: manifest } });
	expect(account.slots.map((slot) => 'revision' in slot && slot.revision)).toEqual([
		generation,
		generation
	]);
	expect(account.vaults.map((vault) => vault.generation)).toEqual([generation]);
	const revision = generation + 1;
	const vault = await person.getVault();
	expect(vault.manifest).toEqual({ seq: revision, generation, blob: vaultManifest });
	expect(new Set(vault.sheets)).toEqual(
		new Set(part.sheets.map((each) => ({ ...each, revision })))
	);
	for (let at = 0; at < SECRETS; at += SLICE) {
		const items = names.secrets.slice(at, at + SLICE);
		const proof = await person.exportProof(items);
		const { secrets } = await secretsOf(await person.readSecrets(items, 'export', proof));
		const sealed = part.secrets.slice(at, at + SLICE);
		expect(secrets).toEqual(sealed.map((each) => ({ ...each, revision })));
	}
}

/** Takes over what was found, after a look at all of it. */
async function settle(prepared: Prepared, expected: Found): Promise<'old' | 'new'> {
	const which = await signInAs(prepared);
	if (expected !== 'either') expect(which).toBe(expected);
	if (which === 'new') {
		version = prepared.next;
		adopt(person, prepared.request, version.key);
	}
	await expectWhole(version);
	return which;
}

describe('a server that is killed', () => {
	const found = { old: 0, new: 0 };

	test.each(Object.entries(MOMENTS))(
		'%s starts with the account whole',
		async (_when, moment) => {
			for (let round = 0; round < ROUNDS; round++) {
				const prepared = prepare();
				const expected = await moment(prepared);
				server = await startServer(variables, server.folder);
				const which = await settle(prepared, expected);
				found[which]++;
				if (moment === duringSwitch) aimMs *= which === 'old' ? 1.25 : 0.8;
			}
		},
		ROUNDS * HANGS_AFTER_MS
	);

	test('rotates as if nothing had been, afterwards', async () => {
		const prepared = prepare();
		await stageAll(prepared);
		expect((await rotate(person, prepared.request)).status).toBe(200);
		expect(await settle(prepared, 'new')).toBe('new');
		const outcome = `${found.old} old, ${found.new} new, each whole`;
		record(`kill -9 during a rotation of ${SECRETS} keys`, found.old + found.new, outcome);
	});
});
