import { describe, expect, test } from 'vitest';
import { sha256 } from '#lib/crypto/hash.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import {
	BEGINNING,
	checkDescent as check,
	Trail,
	type Known,
	type Served
} from '#lib/keyholder/descent.ts';
import type { ChainPin } from '#lib/keyholder/pins.ts';
import { noHash } from '#lib/protocol/manifest-fields.ts';
import { refusal } from '../../../tests/refusals.ts';

/** A chain of `length` manifests: their hashes, and the head after each, from none on. */
async function chainOf(length: number, name = 0): Promise<{ hashes: Bytes[]; heads: Bytes[] }> {
	const hashes: Bytes[] = [];
	const heads: Bytes[] = [BEGINNING.head];
	for (let seq = 1; seq <= length; seq++) {
		const hash = await sha256(new Uint8Array([name, seq]));
		hashes.push(hash);
		heads.push(await sha256(heads[seq - 1] ?? hash, hash));
	}
	return { hashes, heads };
}

type Made = Awaited<ReturnType<typeof chainOf>>;

function point({ heads }: Made, seq: number): ChainPin {
	return { generation: 1, seq, head: heads[seq] ?? BEGINNING.head };
}

function served(made: Made, seq: number): Served {
	return { ...point(made, seq), prev: made.heads[seq - 1] ?? BEGINNING.head };
}

async function checkDescent(known: Omit<Known, 'trail'>, served: Served, chain: readonly Bytes[]) {
	const trail = new Trail();
	await check({ ...known, trail }, served, chain);
	return trail;
}

describe('checkDescent', () => {
	test('leaves on the trail what was passed, both ends included, and nothing else', async () => {
		const made = await chainOf(6);
		const from = point(made, 2);
		const trail = await checkDescent({ from, pin: from }, served(made, 5), made.hashes.slice(2, 4));
		const has = [0, 1, 2, 3, 4, 5, 6].filter((seq) => trail.has(point(made, seq).head));
		expect(has).toEqual([2, 3, 4, 5]);
	});

	test('leaves nothing on the trail of what it refuses', async () => {
		const [made, other] = [await chainOf(5), await chainOf(5, 1)];
		const trail = new Trail();
		const known = { from: point(made, 1), pin: point(other, 2), trail };
		await expect(check(known, served(made, 5), made.hashes.slice(1, 4))).rejects.toThrow();
		expect(trail.has(point(made, 5).head)).toBe(false);
	});

	test('takes a state that descends from the pin, asked for from the beginning', async () => {
		const made = await chainOf(9);
		for (const seq of [1, 4, 8, 9]) {
			const known = { from: BEGINNING, pin: point(made, seq) };
			await checkDescent(known, served(made, 9), made.hashes.slice(0, 8));
		}
	});

	test('takes a state that is the pinned one', async () => {
		const made = await chainOf(3);
		await checkDescent({ from: point(made, 3), pin: point(made, 3) }, served(made, 3), []);
	});

	test('takes a pin that another tab has raised past the own state', async () => {
		const made = await chainOf(6);
		const known = { from: point(made, 2), pin: point(made, 4) };
		await checkDescent(known, served(made, 6), made.hashes.slice(2, 5));
	});

	test('does without a pin that is below the own state', async () => {
		const made = await chainOf(6);
		const known = { from: point(made, 4), pin: point(made, 2) };
		await checkDescent(known, served(made, 6), made.hashes.slice(4, 5));
	});

	test('takes a seq that jumps, as after a restore was accepted', async () => {
		const made = await chainOf(4);
		const after = { ...served(made, 4), seq: 40 };
		await checkDescent({ from: BEGINNING, pin: point(made, 2) }, after, made.hashes.slice(0, 3));
	});

	test('refuses what is older than the pin, and says by how much', async () => {
		const made = await chainOf(5);
		const known = { from: BEGINNING, pin: point(made, 5) };
		await expect(
			checkDescent(known, served(made, 3), made.hashes.slice(0, 2))
		).rejects.toMatchObject({
			code: 'rollback',
			detail: { expectedSeq: 5, servedSeq: 3 }
		});
	});

	test('refuses another history, longer or as long', async () => {
		const [made, other] = [await chainOf(5), await chainOf(9, 1)];
		const known = { from: BEGINNING, pin: point(made, 5) };
		for (const seq of [5, 6, 9]) {
			const chain = other.hashes.slice(0, seq - 1);
			await expect(checkDescent(known, served(other, seq), chain)).rejects.toMatchObject(
				refusal('fork')
			);
		}
	});

	test('refuses a chain that does not lead to what was served, even without a pin', async () => {
		const made = await chainOf(5);
		const known = { from: BEGINNING, pin: undefined };
		for (const chain of [[], made.hashes, made.hashes.slice(1, 4)]) {
			await expect(checkDescent(known, served(made, 5), chain)).rejects.toMatchObject(
				refusal('fork')
			);
		}
	});

	test('refuses a chain that leads from nowhere, or from the state to itself', async () => {
		const made = await chainOf(5);
		const trail = new Trail();
		for (const from of [undefined, point(made, 4)]) {
			await expect(
				check({ from, pin: undefined, trail }, served(made, 4), [made.hashes[4] ?? noHash()])
			).rejects.toMatchObject(refusal('integrity'));
		}
		expect(trail.has(point(made, 5).head)).toBe(false);
	});

	test('refuses a pin of the own place, or without a beginning, that nothing leads from', async () => {
		const [made, other] = [await chainOf(5), await chainOf(5, 1)];
		const chain = made.hashes.slice(3, 4);
		for (const known of [
			{ from: point(made, 3), pin: point(other, 3) },
			{ from: undefined, pin: point(made, 3) }
		]) {
			await expect(
				checkDescent(known, served(made, 5), known.from === undefined ? [] : chain)
			).rejects.toMatchObject(refusal('fork'));
		}
	});

	test('refuses a generation below the pinned one', async () => {
		const made = await chainOf(3);
		const pin = { ...point(made, 2), generation: 2 };
		await expect(
			checkDescent({ from: BEGINNING, pin }, served(made, 3), made.hashes.slice(0, 2))
		).rejects.toMatchObject(refusal('rollback'));
	});
});
