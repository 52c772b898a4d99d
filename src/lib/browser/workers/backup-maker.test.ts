import { describe, expect, test } from 'vitest';
import type { Decrypted, SealTo } from '#lib/backup/age.ts';
import { readContent, writeContent, type BackupKey } from '#lib/backup/content.ts';
import type { BackupStep } from '#lib/browser/host.ts';
import { BackupMaker, type AgePort, type BackupSource } from '#lib/browser/workers/backup-maker.ts';
import { KeyholderError, type KeyholderErrorCode } from '#lib/keyholder/errors.ts';
import { concat, utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { newKey } from '#lib/items/draft.ts';
import type { KeyEdit } from '#lib/keyholder/views.ts';
import { accountViewOf } from '../../../../tests/browser/account-view.ts';
import { rowOf } from '../../../../tests/browser/keys.ts';

const KEY = newKey(
	{ name: 'Stripe', fields: [{ name: 'key', value: 'the value', hidden: true }] },
	5
);
const HEAD = utf8('sealed:');

/** Stands for age: seals nothing, but opens only what it made, under the same passphrase. */
class FakeAge implements AgePort {
	damages = false;
	passphrase = '';

	encrypt(plain: Bytes, to: SealTo): Promise<Bytes> {
		this.passphrase = 'passphrase' in to ? to.passphrase : to.recipients[0];
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
	const refusal: { code?: KeyholderErrorCode; above: number; after: number } = {
		above: 0,
		after: 0
	};
	const keys = [rowOf('here')];
	const made: string[] = [];
	const source: BackupSource = {
		vaults: {
			make: (name) => {
				made.push(name);
				return Promise.resolve({ outcome: 'made', vault: `id of ${name}` });
			}
		},
		readAll: (onProgress) => {
			onProgress?.(1, 2);
			onProgress?.(2, 2);
			return Promise.resolve([{ name: 'Personal', keys: [KEY, KEY] }]);
		},
		view: () => accountViewOf(keys),
		refresh: () => Promise.resolve(accountViewOf(keys)),
		fingerprint: (_vault, value) => Promise.resolve(`print of ${value}`),
		save: (edits) => {
			if (
				refusal.code !== undefined &&
				edits.length > refusal.above &&
				saved.length >= refusal.after
			)
				return Promise.reject(new KeyholderError(refusal.code, 'refused'));
			saved.push([...edits]);
			return Promise.resolve({ outcome: 'saved', keys: [], beside: [] });
		}
	};
	const age = new FakeAge();
	return { saved, made, refusal, keys, age, source, maker: new BackupMaker(source, age, () => 77) };
}

describe('make', () => {
	test('seals every key and tells each step', async () => {
		const { maker, age } = setUp();
		const steps: string[] = [];
		const made = await maker.make({ passphrase: 'phrase' }, (step) =>
			steps.push(JSON.stringify(step))
		);
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
		await expect(maker.make({ passphrase: 'phrase' }, () => undefined)).rejects.toMatchObject({
			fault: { code: 'damaged' }
		});
	});

	test('names the keys that do not verify, which are not in the file', async () => {
		const { maker, source } = setUp();
		const { readAll } = source;
		source.readAll = (onProgress, onSpoiled) => {
			onSpoiled?.(rowOf('spoiled'));
			return readAll(onProgress);
		};
		const made = await maker.make({ passphrase: 'phrase' }, () => undefined);
		expect(made).toMatchObject({ keys: 2, spoiled: ['spoiled'] });
	});

	test('stops between two requests', async () => {
		const { maker } = setUp();
		const steps: string[] = [];
		const making = maker.make({ passphrase: 'phrase' }, ({ step }) => {
			steps.push(step);
			maker.stop();
		});
		await expect(making).rejects.toMatchObject({ fault: { code: 'locked' } });
		expect(steps).toEqual(['reading']);
	});
});

describe('make for recipients', () => {
	test('seals for them, and opens nothing', async () => {
		const { maker, age } = setUp();
		const steps: string[] = [];
		age.damages = true;
		const made = await maker.make({ recipients: ['age1x'] }, ({ step }) => steps.push(step));
		expect(made.keys).toBe(2);
		expect(steps).toEqual(['reading', 'reading', 'encrypting', 'checking']);
	});
});

describe('exportPlain', () => {
	const wish = { items: ['a', 'b'] } as const;

	test('writes JSON that is read back like a backup', async () => {
		const { maker } = setUp();
		const { file, keys } = await maker.exportPlain({ ...wish, form: 'json' }, () => undefined);
		expect(keys).toBe(2);
		expect(readContent(file)).toEqual({
			v: 1,
			madeAt: 77,
			vaults: [{ name: 'Personal', keys: [KEY, KEY] }]
		});
		for (const copy of [concat(utf8('\uFEFF\n'), file), file]) {
			expect(await maker.open(copy, '')).toMatchObject({ outcome: 'opened' });
		}
	});

	test('writes JSON that says first which version it is of and when it was made', async () => {
		const { maker } = setUp();
		const { file } = await maker.exportPlain({ ...wish, form: 'json' }, () => undefined);
		expect(new TextDecoder().decode(file).split('\n').slice(0, 4)).toEqual([
			'{',
			'\t"v": 1,',
			'\t"madeAt": 77,',
			'\t"vaults": ['
		]);
	});

	test('writes a .env file that says project and environment in a comment, and of itself nothing', async () => {
		const { maker, source } = setUp();
		const fields = [{ name: 'key', value: 'v', hidden: true }];
		const place = { project: 'atlas', environment: 'prod' };
		const key = newKey({ name: 'A', envVars: ['A_KEY'], fields, ...place }, 5);
		source.readAll = () => Promise.resolve([{ name: 'Personal', keys: [key] }]);
		const { file } = await maker.exportPlain({ ...wish, form: 'env' }, () => undefined);
		expect(new TextDecoder().decode(file)).toBe('# atlas, prod\nA_KEY=v\n');
	});

	test('writes a .env file, and names what stands in it twice', async () => {
		const { maker } = setUp();
		const made = await maker.exportPlain({ ...wish, form: 'env' }, () => undefined);
		expect(new TextDecoder().decode(made.file)).toBe("Stripe='the value'\nStripe='the value'\n");
		expect(made).toMatchObject({ keys: 2, repeated: ['Stripe'], unsayable: [] });
	});

	test('ends at a stop', async () => {
		const { maker } = setUp();
		const writing = maker.exportPlain({ ...wish, form: 'env' }, () => {
			maker.stop();
		});
		await expect(writing).rejects.toThrow('locked');
	});
});

describe('open and restore', () => {
	async function fileOf(
		{ age }: { readonly age: FakeAge },
		keys: readonly BackupKey[] = [KEY],
		name = 'Personal'
	): Promise<Bytes> {
		const vaults = [{ name, keys }];
		return await age.encrypt(writeContent({ v: 1, madeAt: 7, vaults }), { passphrase: 'phrase' });
	}

	test('write what was shown, once', async () => {
		const world = setUp();
		const opened = await world.maker.open(await fileOf(world), 'phrase');
		expect(opened).toMatchObject({ outcome: 'opened', preview: { counts: { new: 1 } } });
		await world.maker.restore(() => undefined);
		expect(world.saved).toHaveLength(1);
		expect(world.saved[0]).toMatchObject([{ kind: 'add', secret: { fields: [{ name: 'key' }] } }]);
		await expect(world.maker.restore(() => undefined)).rejects.toThrow();
	});

	test('make a vault that is missing once, also where what follows fails', async () => {
		const world = setUp();
		await world.maker.open(await fileOf(world, [KEY], 'Work'), 'phrase');
		expect(world.made).toEqual([]);
		world.refusal.code = 'offline';
		await expect(world.maker.restore(() => undefined)).rejects.toMatchObject({ code: 'offline' });
		delete world.refusal.code;
		await world.maker.restore(() => undefined);
		expect(world.made).toEqual(['Work']);
		expect(world.saved).toMatchObject([[{ kind: 'add', vault: 'id of Work' }]]);
	});

	test('find a vault that was made though nobody answered', async () => {
		const world = setUp();
		await world.maker.open(await fileOf(world, [KEY], 'Work'), 'phrase');
		world.source.vaults.make = () =>
			Promise.reject(new KeyholderError('offline', 'no answer to what was stored'));
		await expect(world.maker.restore(() => undefined)).rejects.toMatchObject({ code: 'offline' });
		const view = accountViewOf(world.keys);
		const [first] = view.vaults;
		if (first === undefined) throw new Error('no vault');
		const vaults = [first, { ...first, id: 'id of the first try', name: 'Work', keys: [] }];
		world.source.refresh = () => Promise.resolve({ ...view, vaults });
		await world.maker.restore(() => undefined);
		expect(world.saved).toMatchObject([[{ kind: 'add', vault: 'id of the first try' }]]);
	});

	test('make no vault after a stop', async () => {
		const world = setUp();
		await world.maker.open(await fileOf(world, [KEY], 'Work'), 'phrase');
		const made: string[] = [];
		world.source.vaults.make = (name) => {
			made.push(name);
			return Promise.resolve({ outcome: 'conflict' });
		};
		const restoring = world.maker.restore(() => undefined);
		world.maker.stop();
		await expect(restoring).rejects.toMatchObject({ fault: { code: 'locked' } });
		expect(made).toEqual([]);
	});

	test('write nothing where another device was faster with its vaults', async () => {
		const world = setUp();
		await world.maker.open(await fileOf(world, [KEY], 'Work'), 'phrase');
		world.source.vaults.make = () => Promise.resolve({ outcome: 'conflict' });
		expect(await world.maker.restore(() => undefined)).toEqual({ outcome: 'conflict' });
		expect(world.saved).toEqual([]);
	});

	test('answer a wrong passphrase', async () => {
		const world = setUp();
		const opened = await world.maker.open(await fileOf(world), 'other');
		expect(opened).toEqual({ outcome: 'wrong-passphrase' });
	});

	test('refuse an age file that holds something else', async () => {
		const world = setUp();
		const file = await world.age.encrypt(utf8('a letter'), { passphrase: 'phrase' });
		await expect(world.maker.open(file, 'phrase')).rejects.toMatchObject({ code: 'backup-format' });
	});

	function keysOf(count: number): BackupKey[] {
		const named = (name: string) => ({ ...KEY, overview: { ...KEY.overview, name } });
		return Array.from({ length: count }, (_, i) => named(`Key ${i}`));
	}

	test('write what is too large for one commit part by part, with the keys that are in', async () => {
		const world = setUp();
		const opened = await world.maker.open(await fileOf(world, keysOf(12_000)), 'phrase');
		expect(opened).toMatchObject({ preview: { commits: 2 } });
		const steps: BackupStep[] = [];
		const result = await world.maker.restore((step) => steps.push(step));
		expect(result).toEqual({ outcome: 'restored' });
		expect(world.saved.flat()).toHaveLength(12_000);
		expect(steps).toEqual([
			{ step: 'restoring', done: 0, total: 12_000 },
			{ step: 'restoring', done: world.saved[0]?.length, total: 12_000 }
		]);
	});

	test('go on where they were interrupted, and write nothing twice', async () => {
		const world = setUp();
		await world.maker.open(await fileOf(world, keysOf(12_000)), 'phrase');
		world.refusal.after = 1;
		world.refusal.code = 'offline';
		await expect(world.maker.restore(() => undefined)).rejects.toMatchObject({ code: 'offline' });
		delete world.refusal.code;
		expect(await world.maker.restore(() => undefined)).toEqual({ outcome: 'restored' });
		const names = world.saved.flat().map((edit) => edit.kind === 'add' && edit.overview.name);
		expect(names).toHaveLength(12_000);
		expect(new Set(names).size).toBe(12_000);
	});

	test('announce it first, if what should be one commit does not fit after all', async () => {
		const world = setUp();
		await world.maker.open(await fileOf(world, keysOf(4)), 'phrase');
		world.refusal.code = 'too-large';
		world.refusal.above = 2;
		expect(await world.maker.restore(() => undefined)).toMatchObject({
			outcome: 'divided',
			preview: { commits: 2 }
		});
		expect(world.saved).toEqual([]);
		expect(await world.maker.restore(() => undefined)).toEqual({ outcome: 'restored' });
		expect(world.saved.map(({ length }) => length)).toEqual([2, 2]);
	});

	test('say that one key is too large, instead of dividing for ever', async () => {
		const world = setUp();
		await world.maker.open(await fileOf(world), 'phrase');
		world.refusal.code = 'too-large';
		await expect(world.maker.restore(() => undefined)).rejects.toMatchObject({ code: 'too-large' });
	});

	test('write no part of what the vault has no room for', async () => {
		const world = setUp();
		const rows = Array.from({ length: 19_998 }, (_, i) => rowOf(`${i}`));
		world.keys.push(...rows);
		await world.maker.open(await fileOf(world, keysOf(2)), 'phrase');
		await expect(world.maker.restore(() => undefined)).rejects.toMatchObject({
			fault: { code: 'full', detail: { size: 20_001, limit: 20_000 } }
		});
		expect(world.saved).toEqual([]);
	});

	test('send no further part after a stop', async () => {
		const world = setUp();
		await world.maker.open(await fileOf(world, keysOf(12_000)), 'phrase');
		const restoring = world.maker.restore(() => undefined);
		world.maker.stop();
		await expect(restoring).rejects.toMatchObject({ fault: { code: 'locked' } });
		expect(world.saved).toHaveLength(1);
	});

	test('keep nothing after a stop', async () => {
		const world = setUp();
		await world.maker.open(await fileOf(world), 'phrase');
		world.maker.stop();
		await expect(world.maker.restore(() => undefined)).rejects.toThrow();
		expect(world.saved).toEqual([]);
	});
});
