import { describe, expect, test } from 'vitest';
import { editsOf, planImport, type ImportPlan } from '#lib/browser/import-plan.ts';
import { rowsOf, type ImportChoice } from '#lib/browser/import-rows.ts';
import type { Draft } from '#lib/items/key.ts';
import { draftOf } from '#lib/items/paste.ts';
import type { KeyRow, VaultView } from '#lib/keyholder/views.ts';
import { rowOf, VAULT } from '../../../tests/browser/keys.ts';

const OTHER = 'vault-other';

function vaultOf(id: string, keys: readonly KeyRow[]): VaultView {
	return {
		id,
		name: id,
		seq: 1,
		changedAtMs: 1,
		verifiedAtMs: 1,
		keys: keys.map((key) => ({ ...key, vault: id }))
	};
}

function draft(name: string, value: string, more: Partial<Draft> = {}): Draft {
	return { name, envVars: [], fields: [{ name: 'key', value, hidden: true }], ...more };
}

/** What a fake row's fingerprint is made of. */
const print = (_vault: string, value: string) => Promise.resolve(`print of ${value}`);

async function plan(
	drafts: readonly Draft[],
	here: readonly KeyRow[],
	elsewhere: readonly KeyRow[] = []
) {
	const target = vaultOf(VAULT, here);
	const candidates = drafts.map((one, index) => ({ line: index + 1, draft: one }));
	const planned = await planImport(candidates, [target, vaultOf(OTHER, elsewhere)], target, print);
	const edits = (choices: readonly ImportChoice[], project = '', environment = '') =>
		editsOf(candidates, planned, { choices, project, environment }, VAULT, opened(here), 7).edits;
	return { rows: shown(planned), edits };
}

function shown({ rows, here }: ImportPlan, place = { project: '', environment: '' }) {
	return rowsOf(rows, here)(place);
}

function opened(rows: readonly KeyRow[]) {
	return new Map(
		rows.map((row) => [
			row.item,
			{
				row,
				secret: { v: 1, fields: [{ name: 'key', value: `value of ${row.overview.name}` }] } as const
			}
		])
	);
}

describe('planImport', () => {
	test('takes what is new', async () => {
		const { rows } = await plan([draft('Stripe', 'one')], []);
		expect(rows).toEqual([expect.objectContaining({ kind: 'new', choice: 'add' })]);
	});

	test('skips a value that a key of any vault has', async () => {
		const { rows } = await plan([draft('Mine', 'value of a')], [], [rowOf('a')]);
		expect(rows).toMatchObject([{ kind: 'same-value', meets: 'a', choice: 'skip' }]);
		expect(rows[0]).not.toHaveProperty('item');
	});

	test('skips a value that a key had before', async () => {
		const here = rowOf('a', { envVars: ['A_KEY'], previousFingerprints: ['print of old'] });
		const { rows } = await plan([draft('a', 'old', { envVars: ['A_KEY'] })], [here]);
		expect(rows).toMatchObject([{ kind: 'older', meets: 'a', choice: 'skip' }]);
	});

	test('meets the key that has a value now rather than one that had it', async () => {
		const before = rowOf('a', { previousFingerprints: ['print of value of b'] });
		const { rows } = await plan([draft('x', 'value of b')], [before, rowOf('b')]);
		expect(rows).toMatchObject([{ kind: 'same-value', meets: 'b' }]);
	});

	test('keeps a key of the same name beside the one that is here', async () => {
		const { rows } = await plan([draft('a', 'another')], [rowOf('a')]);
		expect(rows).toMatchObject([{ kind: 'same-name', choice: 'add', item: 'id-a' }]);
	});

	test('proposes to replace the key of that name that is used in the same place', async () => {
		const here = rowOf('a', { envVars: ['A_KEY'], environment: 'production' });
		const given = { envVars: ['A_KEY'] };
		const places = [{}, { environment: 'test' }, { environment: 'production' }];
		const drafts = places.map((place, index) => draft('a', String(index), { ...given, ...place }));
		const { rows } = await plan(drafts, [here]);
		expect(rows.map(({ choice }) => choice)).toEqual(['add', 'add', 'replace']);
		expect(rows.map(({ item }) => item)).toEqual([undefined, undefined, 'id-a']);
	});

	test('says of which key it is the variable in another place', async () => {
		const here = rowOf('a', { envVars: ['A_KEY'], environment: 'production' });
		const drafts = ['a', 'b'].map((name) => draft(name, name, { envVars: ['A_KEY'] }));
		const { rows } = await plan(drafts, [here]);
		expect(rows).toMatchObject([
			{ kind: 'same-name', elsewhere: 'a' },
			{ kind: 'new', elsewhere: 'a' }
		]);
	});

	test('does not propose to replace a key by what its program had put away', async () => {
		const given = draft('a', 'old', { envVars: ['A_KEY'] });
		const target = vaultOf(VAULT, [rowOf('a', { envVars: ['A_KEY'] })]);
		const candidates = [{ line: 1, draft: given, archived: true as const }];
		const rows = shown(await planImport(candidates, [target], target, print));
		expect(rows).toMatchObject([{ kind: 'same-name', item: 'id-a', choice: 'add' }]);
	});

	test('lets one key be replaced by one row only', async () => {
		const here = rowOf('a', { envVars: ['A_KEY'] });
		const given = { envVars: ['A_KEY'] };
		const { rows } = await plan([draft('a', 'x', given), draft('a', 'y', given)], [here]);
		expect(rows.map(({ item }) => item)).toEqual(['id-a', undefined]);
	});

	test('lets one key be replaced by one row only, also where none is proposed to', async () => {
		const { rows, edits } = await plan([draft('a', 'x'), draft('a', 'y')], [rowOf('a')]);
		expect(rows.map(({ item }) => item)).toEqual(['id-a', undefined]);
		expect(edits(['replace', 'replace']).map(({ kind }) => kind)).toEqual(['change', 'add']);
	});

	describe('meets the key of another name that is the same variable of the same place', () => {
		const given = draft('Stripe', 'new value', { envVars: ['STRIPE_KEY'] });
		const live = { project: 'atlas', environment: 'production' };
		const key = (name: string, more: object) =>
			rowOf(name, { envVars: ['OTHER', 'STRIPE_KEY'], ...more });

		test('as the file says the place', async () => {
			const here = [key('test', {}), key('live', live)];
			const { rows } = await plan([{ ...given, ...live }], here);
			const met = { kind: 'same-variable', meets: 'live', item: 'id-live', choice: 'replace' };
			expect(rows).toMatchObject([met]);
		});

		test('as the person says it where the file does not, and it is that key that is replaced', async () => {
			const here = [key('test', {}), key('live', live)];
			const target = vaultOf(VAULT, here);
			const candidates = [{ line: 1, draft: given }];
			const planned = await planImport(candidates, [target], target, print);
			expect(shown(planned)).toMatchObject([{ meets: 'test', choice: 'replace' }]);
			const said = { project: ' atlas ', environment: 'production' };
			expect(shown(planned, said)).toMatchObject([{ meets: 'live', choice: 'replace' }]);
			const wish = { choices: ['replace' as const], ...said };
			const { edits } = editsOf(candidates, planned, wish, VAULT, opened(here), 7);
			expect(edits).toMatchObject([{ kind: 'change', base: { item: 'id-live' } }]);
		});

		test('and no other', async () => {
			const { rows } = await plan([given], [key('live', live)]);
			expect(rows).toMatchObject([{ kind: 'new', choice: 'add' }]);
		});

		test('rather than one that only has its name', async () => {
			const here = [rowOf('Stripe', live), key('test', {})];
			const { rows } = await plan([given], here);
			expect(rows).toMatchObject([{ kind: 'same-variable', meets: 'test', choice: 'replace' }]);
		});

		test('and does not propose to replace one that is archived', async () => {
			const { rows } = await plan([given], [key('test', { status: 'archived' })]);
			expect(rows).toMatchObject([{ kind: 'same-variable', item: 'id-test', choice: 'add' }]);
		});
	});

	test('skips a value that the file has further up', async () => {
		const { rows } = await plan([draft('One', 'same'), draft('Two', 'same')], []);
		expect(rows[1]).toMatchObject({ kind: 'again', meets: 'One', choice: 'skip' });
	});

	test('leaves a setting out until it is asked for', async () => {
		const { rows } = await plan([draft('PORT', '3000', { envVars: ['PORT'] })], []);
		expect(rows).toMatchObject([{ kind: 'setting', choice: 'skip' }]);
	});

	test.each([
		['AWS_DEFAULT_REGION', 'eu-central-1', 'setting'],
		['OPENAI_LOG', 'debug', 'setting'],
		['OPENAI_API_KEY', 'debug', 'new'],
		['CACHE_HOST', 'postgres://me:pw@db/app', 'new'],
		['MY_CACHE_HOST', 'redis://:hunter2@r:6379', 'new'],
		['SHOP_PROD_ENV', 'aB3dE5gH7jK9mN1pQ3sT5', 'new'],
		['MY_CACHE_HOST', 'cache.example', 'setting']
	])('a provider’s name makes no key of a setting: %s=%s', async (variable, value, kind) => {
		const { rows } = await plan([draftOf([{ variable, value }])], []);
		expect(rows).toMatchObject([{ kind }]);
	});

	test('meets nothing that lies in the trash', async () => {
		const { rows } = await plan([draft('a', 'value of a')], [rowOf('a', { trashedAt: 1 })]);
		expect(rows).toMatchObject([{ kind: 'new' }]);
	});

	test('tells no value', async () => {
		const { rows } = await plan([draft('Stripe', 'a-value-of-some-length')], []);
		expect(JSON.stringify(rows)).not.toContain('a-value-of');
	});
});

describe('editsOf', () => {
	test('adds what was chosen, in the order of the file', async () => {
		const { edits } = await plan([draft('A', '1'), draft('B', '2'), draft('C', '3')], []);
		expect(edits(['add', 'skip', 'add'])).toMatchObject([
			{ kind: 'add', vault: VAULT, overview: { name: 'A' } },
			{ kind: 'add', overview: { name: 'C' } }
		]);
	});

	test('archives what its program had put away', async () => {
		const target = vaultOf(VAULT, []);
		const candidates = [{ line: 1, draft: draft('Old', '1'), archived: true as const }];
		const planned = await planImport(candidates, [target], target, print);
		expect(shown(planned)).toMatchObject([{ archived: true, choice: 'add' }]);
		const wish = { choices: ['add'], project: '', environment: '' } as const;
		const { edits } = editsOf(candidates, planned, wish, VAULT, new Map(), 7);
		expect(edits).toMatchObject([{ overview: { status: 'archived', archivedAt: 7 } }]);
	});

	test('names the rows that no key can hold, and keeps the others', () => {
		const long = draft('B', '2', { note: 'n'.repeat(100_000) });
		const candidates = [draft('A', '1'), long].map((one, line) => ({ line, draft: one }));
		const wish = { choices: ['add', 'add'], project: '', environment: '' } as const;
		const bare = { rows: [], here: [], keys: new Map() };
		const made = editsOf(candidates, bare, wish, VAULT, new Map(), 7);
		expect(made.unfit).toEqual([1]);
		expect(made.edits).toMatchObject([{ overview: { name: 'A' } }]);
	});

	test('says project and environment of keys that say none', async () => {
		const { edits } = await plan([draft('A', '1'), draft('B', '2', { project: 'own' })], []);
		const overviews = edits(['add', 'add'], 'atlas', 'production').map((edit) =>
			edit.kind === 'add' ? edit.overview : undefined
		);
		expect(overviews).toMatchObject([
			{ project: 'atlas', environment: 'production' },
			{ project: 'own', environment: 'production' }
		]);
	});

	test('replaces a value and keeps the one before, and what the file does not say', async () => {
		const here = rowOf('a', { note: 'mine', tags: ['old'], envVars: ['A_KEY'] });
		const given = { tags: ['new'], note: 'theirs', envVars: ['A_KEY'] };
		const { edits } = await plan([draft('a', 'another', given)], [here]);
		expect(edits(['replace'])).toMatchObject([
			{
				kind: 'change',
				base: { item: 'id-a' },
				overview: { note: 'mine', tags: ['old', 'new'], previousCount: 1 },
				secret: {
					fields: [{ name: 'key', value: 'another' }],
					previous: [{ fields: [{ value: 'value of a' }] }]
				}
			}
		]);
	});

	test('replaces the values whose names the key has, and leaves the others', async () => {
		const two = [
			{ name: 'ID', value: 'old id', hidden: false },
			{ name: 'REGION', value: 'here', hidden: false }
		];
		const here = rowOf('a');
		const candidates = [
			{
				line: 1,
				draft: {
					name: 'a',
					fields: [
						{ name: 'ID', value: 'new id', hidden: false },
						{ name: 'SECRET', value: 's', hidden: true }
					]
				}
			}
		];
		const target = vaultOf(VAULT, [here]);
		const planned = await planImport(candidates, [target], target, print);
		const secret = { v: 1, fields: two.map(({ name, value }) => ({ name, value })) } as const;
		const before = new Map([[here.item, { row: here, secret }]]);
		const wish = { choices: ['replace'], project: '', environment: '' } as const;
		const [edit] = editsOf(candidates, planned, wish, VAULT, before, 7).edits;
		expect(edit).toMatchObject({
			secret: {
				fields: [
					{ name: 'ID', value: 'new id' },
					{ name: 'REGION', value: 'here' },
					{ name: 'SECRET', value: 's' }
				]
			}
		});
	});
});
