import { describe, expect, test } from 'vitest';
import type { ImportStep } from '#lib/browser/import-host.ts';
import { Importer, type ImportSource } from '#lib/browser/workers/importer.ts';
import { utf8 } from '#lib/encoding/bytes.ts';
import { readFile } from '#lib/import/read-file.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { KeyEdit, KeyRow } from '#lib/keyholder/views.ts';
import { NOW, valueOf, World } from '../../../../tests/hostile/harness.ts';
import { accountViewOf } from '../../../../tests/browser/account-view.ts';
import { rowOf, VAULT } from '../../../../tests/browser/keys.ts';

function setUp(keys: readonly KeyRow[] = []) {
	const saved: KeyEdit[][] = [];
	const refuse: { next: 'conflict' | 'too-large' | 'offline' | undefined } = { next: undefined };
	const source: ImportSource = {
		view: () => accountViewOf(keys),
		refresh: () => Promise.resolve(accountViewOf(keys)),
		fingerprint: (_vault, value) => Promise.resolve(`print of ${value}`),
		read: ({ item }) => {
			const row = keys.find((key) => key.item === item);
			if (row === undefined) return Promise.reject(new KeyholderError('gone', 'gone'));
			const value = `value of ${row.overview.name}`;
			return Promise.resolve({ row, secret: { v: 1, fields: [{ name: 'key', value }] } });
		},
		save: (edits, onSealed) => {
			const { next } = refuse;
			refuse.next = undefined;
			for (let sealed = 1; sealed <= edits.length; sealed++) onSealed?.(sealed);
			if (next === 'conflict') return Promise.resolve({ outcome: 'conflict' });
			if (next !== undefined) return Promise.reject(new KeyholderError(next, 'refused'));
			saved.push([...edits]);
			const rows = edits.flatMap((edit, index): KeyRow[] => {
				if (edit.kind === 'drop') return [];
				const item = edit.kind === 'add' ? `new-${String(index)}` : edit.base.item;
				return [{ vault: VAULT, item, revision: 2, overview: edit.overview }];
			});
			return Promise.resolve({ outcome: 'saved', keys: rows, beside: [] });
		}
	};
	const importer = new Importer(source, { read: readFile }, () => 77);
	const read = (text: string) => importer.read(utf8(text), {}, VAULT);
	return { importer, read, saved, refuse };
}

const wish = (...choices: ('skip' | 'add' | 'replace')[]) => ({
	choices,
	project: '',
	environment: ''
});
const nobody = () => undefined;

describe('read', () => {
	test('shows keys without values, and what was not taken', async () => {
		const { read } = setUp();
		const answer = await read('A_KEY=the-value\nB_KEY=\n');
		expect(answer).toMatchObject({
			outcome: 'read',
			preview: { format: 'dotenv', rows: [{ name: 'A_KEY' }], refused: [{ why: 'empty' }] }
		});
		expect(JSON.stringify(answer)).not.toContain('the-value');
	});

	test('gives way to the next one', async () => {
		const { importer, read, saved } = setUp();
		const first = read('A_KEY=v\nB_KEY=w');
		const second = read('C_KEY=x');
		await expect(first).rejects.toThrow('locked');
		await second;
		await importer.write(wish('add'), nobody);
		expect(saved).toMatchObject([[{ overview: { name: 'C_KEY' } }]]);
	});

	test('asks for the password of an encrypted file', async () => {
		const { read } = setUp();
		const file = { encrypted: true, passwordProtected: true };
		expect(await read(JSON.stringify(file))).toEqual({ outcome: 'needs-password' });
	});
});

describe('write', () => {
	test('writes in one commit, and tells how many are sealed', async () => {
		const { importer, read, saved } = setUp();
		await read(Array.from({ length: 200 }, (_, i) => `KEY_${String(i)}=v${String(i)}`).join('\n'));
		const steps: ImportStep[] = [];
		const choices = Array.from({ length: 200 }, () => 'add' as const);
		const result = await importer.write(wish(...choices), (step) => steps.push(step));
		expect(result).toEqual({ outcome: 'written', done: 200, commits: 1, unfit: [] });
		expect(saved.map(({ length }) => length)).toEqual([200]);
		expect(steps).toEqual([
			...[0, 64, 128, 192, 200].map((done) => ({ step: 'sealing', done, total: 200 })),
			{ step: 'sending' }
		]);
	});

	test('does nothing after a stop', async () => {
		const { importer, read, saved } = setUp();
		await read('A_KEY=v');
		const writing = importer.write(wish('add'), () => {
			importer.stop(false);
		});
		expect(await writing).toEqual({ outcome: 'stopped', done: 0, commits: 1, unfit: [] });
		expect(saved).toEqual([]);
	});

	test('that is stopped between two commits says what is in, and goes on with the rest', async () => {
		const { importer, read, saved, refuse } = setUp();
		await read('A_KEY=v\nB_KEY=w');
		refuse.next = 'too-large';
		await importer.write(wish('add', 'add'), nobody);
		const stopped = await importer.write(wish('add', 'add'), (step) => {
			if (step.step === 'sealing' && step.done === 1 && saved.length === 1) importer.stop(false);
		});
		expect(stopped).toEqual({ outcome: 'stopped', done: 1, commits: 2, unfit: [] });
		expect(await importer.write(wish('add', 'add'), nobody)).toMatchObject({
			outcome: 'written',
			done: 2
		});
		expect(saved.flat()).toMatchObject([
			{ overview: { name: 'A_KEY' } },
			{ overview: { name: 'B_KEY' } }
		]);
	});

	test('that is stopped once it was sent says that it is in', async () => {
		const { importer, read } = setUp();
		await read('A_KEY=v');
		const result = await importer.write(wish('add'), ({ step }) => {
			if (step === 'sending') importer.stop(false);
		});
		expect(result).toMatchObject({ outcome: 'written', done: 1 });
	});

	test('that fails in a later commit says what is in, and why', async () => {
		const { importer, read, refuse } = setUp();
		await read('A_KEY=v\nB_KEY=w');
		refuse.next = 'too-large';
		await importer.write(wish('add', 'add'), nobody);
		const failed = await importer.write(wish('add', 'add'), (step) => {
			if (step.step === 'sealing' && step.done === 1) refuse.next = 'offline';
		});
		expect(failed).toMatchObject({ outcome: 'failed', done: 1, fault: { code: 'offline' } });
	});

	test('leaves out rows that no key can hold, and says which', async () => {
		const { importer, read, saved } = setUp();
		await read('A_KEY=v\nB_KEY=w');
		const long = { ...wish('add', 'add'), project: 'p'.repeat(100_000) };
		expect(await importer.write(long, nobody)).toMatchObject({ done: 0, unfit: [0, 1] });
		expect(saved).toEqual([]);
	});

	test('takes another choice after a stop before anything was in', async () => {
		const { importer, read, saved } = setUp();
		await read('A_KEY=v\nB_KEY=w');
		await importer.write(wish('add', 'add'), () => {
			importer.stop(false);
		});
		await importer.write(wish('skip', 'add'), nobody);
		expect(saved).toMatchObject([[{ overview: { name: 'B_KEY' } }]]);
	});

	test('can be asked for again after a conflict', async () => {
		const { importer, read, saved, refuse } = setUp();
		await read('A_KEY=v');
		refuse.next = 'conflict';
		expect(await importer.write(wish('add'), nobody)).toMatchObject({ outcome: 'conflict' });
		expect(await importer.write(wish('add'), nobody)).toMatchObject({ outcome: 'written' });
		expect(saved).toHaveLength(1);
	});

	test('of more than a commit holds says so, and writes when it is asked for again', async () => {
		const { importer, read, saved } = setUp();
		const count = 10_000;
		await read(
			Array.from({ length: count }, (_, i) => `KEY_${String(i)}=v${String(i)}`).join('\n')
		);
		const all = wish(...Array.from({ length: count }, () => 'add' as const));
		expect(await importer.write(all, nobody)).toMatchObject({ outcome: 'divided', commits: 2 });
		expect(saved).toEqual([]);
		expect(await importer.write(all, nobody)).toMatchObject({ outcome: 'written', done: count });
	});

	test('takes another choice after it said that it takes several commits', async () => {
		const { importer, read, saved, refuse } = setUp();
		await read('A_KEY=v\nB_KEY=w');
		refuse.next = 'too-large';
		await importer.write(wish('add', 'add'), nobody);
		await importer.write(wish('skip', 'add'), nobody);
		expect(saved).toMatchObject([[{ overview: { name: 'B_KEY' } }]]);
	});

	test('says first that it takes several commits after all, then writes them', async () => {
		const { importer, read, saved, refuse } = setUp();
		await read('A_KEY=v\nB_KEY=w');
		refuse.next = 'too-large';
		expect(await importer.write(wish('add', 'add'), nobody)).toEqual({
			outcome: 'divided',
			done: 0,
			commits: 2,
			unfit: []
		});
		expect(await importer.write(wish('add', 'add'), nobody)).toMatchObject({ done: 2 });
		expect(saved.map(({ length }) => length)).toEqual([1, 1]);
	});
});

test('replaces several keys of a real account, and gives all of them back', async () => {
	const device = await new World().account(['A_KEY', 'B_KEY']);
	const importer = new Importer(device.keyholder, { read: readFile }, () => NOW);
	const [vault] = device.keyholder.view().vaults;
	if (vault === undefined) throw new Error('no vault');
	await importer.read(utf8('A_KEY=one\nB_KEY=two\nC_KEY=three'), {}, vault.id);
	const steps: string[] = [];
	await importer.write(wish('replace', 'replace', 'add'), ({ step }) => steps.push(step));
	expect(steps).toEqual(['opening', 'opening', 'sealing', 'sealing', 'sending']);
	const valueNow = async (name: string) => {
		const { secret } = await device.keyholder.read(device.row(name), 'reveal');
		return secret.fields[0]?.value;
	};
	expect([await valueNow('A_KEY'), await valueNow('B_KEY')]).toEqual(['one', 'two']);
	await importer.undo();
	expect(await valueNow('A_KEY')).toBe(valueOf('A_KEY'));
	expect(await valueNow('B_KEY')).toBe(valueOf('B_KEY'));
	expect(device.keyholder.view().vaults[0]?.keys).toHaveLength(2);
});

describe('undo', () => {
	test('goes on where it was interrupted, and deletes nothing twice', async () => {
		const { importer, read, saved, refuse } = setUp();
		await read('A_KEY=v\nB_KEY=w');
		await importer.write(wish('add', 'add'), nobody);
		refuse.next = 'conflict';
		expect(await importer.undo()).toEqual({ outcome: 'conflict', left: 0 });
		expect(await importer.undo()).toEqual({ outcome: 'undone', left: 0 });
		expect(saved).toHaveLength(2);
	});

	test('gives way to another change of a key that was replaced, and counts it', async () => {
		const device = await new World().account(['A_KEY']);
		const importer = new Importer(device.keyholder, { read: readFile }, () => NOW);
		const [vault] = device.keyholder.view().vaults;
		if (vault === undefined) throw new Error('no vault');
		await importer.read(utf8('A_KEY=one\nC_KEY=three'), {}, vault.id);
		await importer.write(wish('replace', 'add'), nobody);
		const base = device.row('A_KEY');
		const overview = { ...base.overview, note: 'of another device' };
		await device.keyholder.save([{ kind: 'change', base, overview }]);
		expect(await importer.undo()).toEqual({ outcome: 'undone', left: 1 });
		const rows = device.keyholder.view().vaults[0]?.keys ?? [];
		expect(rows.map((row) => row.overview.note)).toEqual(['of another device']);
	});

	test('deletes what came in and gives replaced keys their values back', async () => {
		const here = rowOf('A_KEY', { envVars: ['A_KEY'] });
		const { importer, read, saved } = setUp([here]);
		await read('A_KEY=another\nB_KEY=w');
		await importer.write(wish('replace', 'add'), nobody);
		expect(await importer.undo()).toEqual({ outcome: 'undone', left: 0 });
		expect(saved[1]).toMatchObject([
			{
				kind: 'change',
				base: { item: 'id-A_KEY', revision: 2 },
				overview: here.overview,
				secret: { fields: [{ value: 'value of A_KEY' }] }
			},
			{ kind: 'drop', base: { item: 'new-1' } }
		]);
	});

	test('takes back the part that is in, of an import that was interrupted', async () => {
		const { importer, read, saved, refuse } = setUp();
		await read('A_KEY=v\nB_KEY=w');
		refuse.next = 'too-large';
		await importer.write(wish('add', 'add'), nobody);
		let parts = 0;
		const writing = importer.write(wish('add', 'add'), (step) => {
			if (step.step === 'sealing' && step.done === parts && ++parts === 2) {
				refuse.next = 'offline';
			}
		});
		expect(await writing).toMatchObject({ outcome: 'failed', done: 1 });
		expect(await importer.undo()).toEqual({ outcome: 'undone', left: 0 });
		expect(saved.at(-1)).toMatchObject([{ kind: 'drop' }]);
	});
});
