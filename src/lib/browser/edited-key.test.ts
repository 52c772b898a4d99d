import { describe, expect, test } from 'vitest';
import { saveEdit } from '#lib/browser/edited-key.ts';
import { newKey } from '#lib/items/draft.ts';
import type { Draft } from '#lib/items/key.ts';
import type { KeyEdit, ReadResult } from '#lib/keyholder/views.ts';

const DRAFT: Draft = { name: 'Stripe', fields: [{ name: 'key', value: 'one', hidden: true }] };
const { overview, secret } = newKey(DRAFT, 1);
const START: ReadResult = { row: { vault: 'vault', item: 'item', revision: 1, overview }, secret };

/** @param rewritten what became of an edit while past values were dropped */
function walletOf({
	beside = [],
	rewritten = (edit) => edit
}: {
	readonly beside?: readonly string[];
	readonly rewritten?: (edit: KeyEdit) => KeyEdit;
} = {}) {
	return {
		past: { settled: (edits: readonly KeyEdit[]) => Promise.resolve(edits.map(rewritten)) },
		save: (edits: readonly KeyEdit[]) => {
			const keys = edits.flatMap((edit) => (edit.kind === 'change' ? [edit.base] : []));
			return Promise.resolve({ outcome: 'saved' as const, keys, beside });
		}
	};
}

async function saved(wallet: ReturnType<typeof walletOf>, draft: Draft) {
	return (await saveEdit(wallet, START, draft, 2)).secret;
}

describe('what a saved key holds', () => {
	const renamed = { ...DRAFT, name: 'Stripe live' };
	const other = { ...DRAFT, fields: [{ name: 'key', value: 'two', hidden: true }] };

	test('is what it held, where something else was typed', async () => {
		expect(await saved(walletOf(), renamed)).toEqual(secret);
	});

	test('is the value that was typed', async () => {
		expect(await saved(walletOf(), other)).toMatchObject({ fields: [{ value: 'two' }] });
	});

	test('has to be read of one that came beside another without values of its own', async () => {
		expect(await saved(walletOf({ beside: ['item'] }), renamed)).toBeUndefined();
	});

	test('is known of one that came beside another with values of its own', async () => {
		const known = await saved(walletOf({ beside: ['item'] }), other);
		expect(known).toMatchObject({ fields: [{ value: 'two' }] });
	});

	test('has to be read of one whose past values were dropped meanwhile', async () => {
		const rewritten = (edit: KeyEdit) => ({ ...edit });
		expect(await saved(walletOf({ rewritten }), renamed)).toBeUndefined();
	});
});
