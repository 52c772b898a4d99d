import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Host } from './host.ts';
import { random, secret, secretsOf, sha256, sheet, someone, type Person } from './person.ts';

let host: Host;
let person: Person;

beforeAll(async () => {
	host = await Host.open();
	person = await someone(host);
});

afterAll(async () => {
	await host.remove();
});

describe('an account', () => {
	test('comes back as it was registered, without a wrap', async () => {
		const head = await person.getAccount();
		expect(head.email).toBe(person.email);
		expect(head.manifest).toEqual({ seq: 1, blob: person.accountManifest });
		expect(head.vaults).toEqual([{ id: person.vault, generation: 1, keyWrap: person.keyWrap }]);
		expect(head.slots.map(({ id }) => id)).toEqual([person.passwordSlot, person.recoverySlot]);
		expect(head.slots.every((slot) => !('wrap' in slot))).toBe(true);
	});

	test('gives the wrap of the slot that proved', async () => {
		expect((await person.signIn()).wrap).toEqual(person.wrap);
	});

	test('takes settings in a commit and gives them back with the chain', async () => {
		const settings = random(1_105);
		expect(await person.commitAccount(settings)).toEqual({ outcome: 'stored', seq: 2 });
		expect(await person.commitAccount()).toEqual({ outcome: 'stored', seq: 3 });
		const head = await person.getAccount('?after=1');
		expect(head.settings).toEqual(settings);
		expect(head.chain).toHaveLength(1);
	});
});

describe('a vault', () => {
	test('gives back what a commit wrote', async () => {
		const written = sheet();
		const hidden = secret();
		const reply = await person.commit(person.commitOf({ sheets: [written], secrets: [hidden] }));
		expect(reply).toEqual({ outcome: 'stored', seq: 2 });
		const head = await person.getVault();
		expect(head.sheets).toEqual([{ ...written, revision: 2 }]);
		const { secrets } = await secretsOf(await person.readSecrets([hidden.item]));
		expect(secrets).toEqual([{ ...hidden, revision: 2 }]);
	});

	test('answers after=SEQ with a chain that leads from there to the head', async () => {
		const before = { seq: person.seq, head: person.head };
		for (let i = 0; i < 3; i++) await person.commit(person.commitOf({ sheets: [sheet()] }));
		const { manifest, chain, sheets } = await person.getVault(`?after=${String(before.seq)}`);
		const reached = chain.reduce((head, hash) => sha256(head, hash), before.head);
		expect(sha256(reached, sha256(manifest.blob))).toEqual(person.head);
		expect(sheets).toHaveLength(3);
	});

	test('answers chain=SEQ with a chain from there, whatever sheets are asked for', async () => {
		const { seq, head } = person;
		for (let i = 0; i < 2; i++) await person.commit(person.commitOf({ sheets: [sheet()] }));
		const all = await person.getVault();
		expect(all.chain).toEqual([]);
		const { manifest, chain, sheets } = await person.getVault(`?after=0&chain=${String(seq)}`);
		const reached = chain.reduce((at, hash) => sha256(at, hash), head);
		expect(sha256(reached, sha256(manifest.blob))).toEqual(person.head);
		expect(sheets).toEqual(all.sheets);
		const alone = await person.getVault(`?chain=${String(seq)}`);
		expect(alone).toEqual({ manifest, chain, sheets });
	});
});
