import { describe, expect, test } from 'vitest';
import type { SpokenSlot } from '#lib/api/slots.ts';
import { randomBytes } from '#lib/crypto/random.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import { descriptorOf, openSlot, rpIdOf, type ProvenSlot } from '#lib/keyholder/opened-slot.ts';
import { passkeyDescriptor } from '#lib/protocol/slots.ts';
import { wrapAccountKey } from '#lib/protocol/wrapped-keys.ts';
import { errorOf } from '../../../tests/hostile/harness.ts';
import { refusal } from '../../../tests/refusals.ts';

const ORIGIN = 'https://vault.example.org:8443';
const ACCOUNT = 'A'.repeat(22);
const ID = `${'B'.repeat(21)}A`;
const OTHER = `${'C'.repeat(21)}A`;

function bytes(value: number, length = 32) {
	return new Uint8Array(length).fill(value);
}

const KEY = bytes(1);
const authPublicKey = bytes(2);

const PROVEN = {
	password: { id: ID, kind: 1, profile: 1, salt: bytes(3, 16), authPublicKey },
	kit: { id: ID, kind: 2, locator: bytes(4, 16), authPublicKey },
	passkey: { id: ID, kind: 3, credential: bytes(5, 20) }
} as const satisfies Record<string, ProvenSlot>;

const LISTED = {
	password: { ...PROVEN.password, revision: 1 },
	kit: { ...PROVEN.kit, revision: 1 },
	passkey: { ...PROVEN.passkey, revision: 1, createdAtMs: 0 }
} as const satisfies Record<string, SpokenSlot>;

type Kind = keyof typeof PROVEN;
const KINDS: readonly Kind[] = ['password', 'kit', 'passkey'];

/** Opens what was wrapped for `slot`, beside what a server lists. */
async function open(slot: ProvenSlot, ...slots: readonly SpokenSlot[]) {
	const kek = bytes(6);
	const wrap = await wrapAccountKey({
		...{ account: ACCOUNT, slot: slot.id, revision: 1, generation: 1 },
		descriptor: await descriptorOf(ORIGIN, slot),
		...{ kek, accountKey: KEY, random: randomBytes }
	});
	const served = { account: ACCOUNT, generation: 1, slots: [...slots] };
	return { ...(await openSlot(ORIGIN, slot, { kek, wrap }, served)), wrapHash: await sha256(wrap) };
}

async function messageOf(slot: ProvenSlot, ...slots: readonly SpokenSlot[]): Promise<unknown> {
	const error = await errorOf(() => open(slot, ...slots));
	expect(error).toMatchObject(refusal('integrity'));
	return error instanceof Error ? error.message : undefined;
}

describe('the slot that proved', () => {
	test.each(KINDS)('gives the account key: a %s', async (kind) => {
		const { accountKey } = await open(PROVEN[kind], LISTED[kind]);
		expect(accountKey).toEqual(KEY);
	});

	test('is found among the others', async () => {
		const other = { ...LISTED.kit, id: OTHER };
		const { accountKey } = await open(PROVEN.password, other, LISTED.password);
		expect(accountKey).toEqual(KEY);
	});

	test.each([
		['password', { kind: 1, profile: 1, authPublicKey }],
		['kit', { kind: 2, profile: 0, authPublicKey }],
		// It signs with a key of its own, which the manifest does not list.
		['passkey', { kind: 3, profile: 0, authPublicKey: bytes(0) }]
	] as const)('is told as the manifest must list it: a %s', async (kind, told) => {
		const { opened, wrapHash } = await open(PROVEN[kind], LISTED[kind]);
		expect(opened).toEqual({ id: ID, ...told, wrapHash });
	});

	test.each(KINDS)('has to be listed: a %s', async (kind) => {
		const listed = { ...LISTED[kind], id: OTHER };
		expect(await messageOf(PROVEN[kind], listed)).toBe('the slot that proved is not there');
	});

	test.each([
		['password', 'kit'],
		['password', 'passkey'],
		['kit', 'password'],
		['kit', 'passkey'],
		['passkey', 'password'],
		['passkey', 'kit']
	] as const)('is listed as what it is: a %s, and no %s', async (kind, other) => {
		const message = await messageOf(PROVEN[kind], LISTED[other]);
		expect(message).toBe('slot of another kind than proved');
	});

	test('is listed with its profile', async () => {
		const message = await messageOf(PROVEN.password, { ...LISTED.password, profile: 2 });
		expect(message).toBe('slot of another profile than challenged');
	});

	test('is listed with its salt', async () => {
		const message = await messageOf(PROVEN.password, { ...LISTED.password, salt: bytes(9, 16) });
		expect(message).toBe('slot of another salt than challenged');
	});

	test('is listed with its locator', async () => {
		const message = await messageOf(PROVEN.kit, { ...LISTED.kit, locator: bytes(9, 16) });
		expect(message).toBe('slot of another locator than sent');
	});

	test('is listed with its credential', async () => {
		const message = await messageOf(PROVEN.passkey, {
			...LISTED.passkey,
			credential: bytes(9, 20)
		});
		expect(message).toBe('slot of another passkey than signed');
	});

	test('does not open by a revision that its wrap was not made for', async () => {
		expect(await messageOf(PROVEN.password, { ...LISTED.password, revision: 2 })).toBeDefined();
	});
});

describe('the relying party of passkeys', () => {
	test('is the host name of the origin alone', () => {
		expect(rpIdOf(ORIGIN)).toBe('vault.example.org');
	});

	test('is part of what a passkey’s wrap is tied to', async () => {
		const { credential } = PROVEN.passkey;
		const descriptor = await descriptorOf(ORIGIN, PROVEN.passkey);
		expect(descriptor).toEqual(await passkeyDescriptor(credential, 'vault.example.org'));
		expect(descriptor).not.toEqual(await descriptorOf('https://example.org', PROVEN.passkey));
	});
});
