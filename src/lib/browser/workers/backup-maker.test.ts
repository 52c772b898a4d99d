import { describe, expect, test } from 'vitest';
import type { Decrypted } from '#lib/backup/age.ts';
import { readContent, writeContent } from '#lib/backup/content.ts';
import { BackupMaker, type AgePort, type BackupSource } from '#lib/browser/workers/backup-maker.ts';
import { concat, utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { newKey } from '#lib/items/draft.ts';
import type { KeyEdit } from '#lib/keyholder/views.ts';
import { rowOf, VAULT } from '../../../../tests/browser/fakes.ts';

const KEY = newKey(
	{ name: 'Stripe', fields: [{ name: 'key', value: 'the value', hidden: true }] },
	5
);
const HEAD = utf8('sealed:');

/** Stands for age: seals nothing, but opens only what it made, under the same passphrase. */
class FakeAge implements AgePort {
	damages = false;
	passphrase = '';

	encrypt(plain: Bytes, passphrase: string): Promise<Bytes> {
		this.passphrase = passphrase;
		return Promise.resolve(concat(HEAD, plain));
	}

	decrypt(file: Bytes, passphrase: string): Promise<Decrypted> {
		if (passphrase !== this.passphrase) return Promise.resolve({ outcome: 'wrong-passphrase' });
		const plain = file.slice(HEAD.length);
		if (this.damages) plain[0] = 0;
		return Promise.resolve({ outcome: 'decrypted', plain });
	}
}

function setUp() {
	const saved: KeyEdit[][] = [];
	const vault = { id: VAULT, name: 'Personal', seq: 1, changedAtMs: 1, keys: [rowOf('here')] };
	const source: BackupSource = {
		readAll: (onProgress) => {
			onProgress?.(1, 2);
			onProgress?.(2, 2);
			return Promise.resolve([{ name: 'Personal', keys: [KEY, KEY] }]);
		},
		view: () => ({
			account: 'a',
			email: 'ada@example.org',
			known: true,
			verifiedAtMs: 1,
			vaults: [vault],
			settings: { v: 1, vaults: {} }
		}),
		fingerprint: (_vault, value) => Promise.resolve(`print of ${value}`),
		save: (edits) => {
			saved.push([...edits]);
			return Promise.resolve({ outcome: 'saved', keys: [], beside: [] });
		}
	};
	const age = new FakeAge();
	return { saved, age, maker: new BackupMaker(source, age, () => 77) };
}

describe('make', () => {
	test('seals every key and tells each step', async () => {
		const { maker, age } = setUp();
		const steps: string[] = [];
		const made = await maker.make('phrase', (step) => steps.push(JSON.stringify(step)));
		expect(steps).toEqual([
			'{"step":"reading","done":1,"total":2}',
			'{"step":"reading","done":2,"total":2}',
			'{"step":"encrypting"}',
			'{"step":"checking"}'
		]);
		expect(made.keys).toBe(2);
		const opened = await age.decrypt(made.file, 'phrase');
		if (opened.outcome !== 'decrypted') throw new Error('not opened');
		expect(readContent(opened.plain)).toMatchObject({ madeAt: 77, vaults: [{ name: 'Personal' }] });
	});

	test('gives out no file that does not open again', async () => {
		const { maker, age } = setUp();
		age.damages = true;
		await expect(maker.make('phrase', () => undefined)).rejects.toMatchObject({
			fault: { code: 'damaged' }
		});
	});

	test('stops between two requests', async () => {
		const { maker } = setUp();
		const steps: string[] = [];
		const making = maker.make('phrase', ({ step }) => {
			steps.push(step);
			maker.stop();
		});
		await expect(making).rejects.toMatchObject({ fault: { code: 'locked' } });
		expect(steps).toEqual(['reading']);
	});
});

describe('open and restore', () => {
	async function fileOf({ age }: { readonly age: FakeAge }): Promise<Bytes> {
		const vaults = [{ name: 'Old', keys: [KEY] }];
		return await age.encrypt(writeContent({ v: 1, madeAt: 7, vaults }), 'phrase');
	}

	test('write what was shown, once', async () => {
		const world = setUp();
		const opened = await world.maker.open(await fileOf(world), 'phrase');
		expect(opened).toMatchObject({ outcome: 'opened', preview: { counts: { new: 1 } } });
		await world.maker.restore();
		expect(world.saved).toHaveLength(1);
		expect(world.saved[0]).toMatchObject([{ kind: 'add', secret: { fields: [{ name: 'key' }] } }]);
		await expect(world.maker.restore()).rejects.toThrow();
	});

	test('answer a wrong passphrase', async () => {
		const world = setUp();
		const opened = await world.maker.open(await fileOf(world), 'other');
		expect(opened).toEqual({ outcome: 'wrong-passphrase' });
	});

	test('refuse an age file that holds something else', async () => {
		const world = setUp();
		const file = await world.age.encrypt(utf8('a letter'), 'phrase');
		await expect(world.maker.open(file, 'phrase')).rejects.toMatchObject({ code: 'backup-format' });
	});

	test('keep nothing after a stop', async () => {
		const world = setUp();
		await world.maker.open(await fileOf(world), 'phrase');
		world.maker.stop();
		await expect(world.maker.restore()).rejects.toThrow();
		expect(world.saved).toEqual([]);
	});
});
