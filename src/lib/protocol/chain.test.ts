import { describe, expect, test } from 'vitest';
import { sha256 } from '#lib/crypto/hash.ts';
import { utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { follow, head } from '#lib/protocol/chain.ts';
import { noHash } from '#lib/protocol/manifest-fields.ts';
import { refusal } from '../../../tests/refusals.ts';

/** A chain of six manifests; `points[0]` is seq 1. */
async function chainOf(name: string, from = noHash()) {
	const points: { seq: number; prev: Bytes; head: Bytes; hash: Bytes }[] = [];
	let prev = from;
	for (let seq = 1; seq <= 6; seq++) {
		const wrapped = utf8(`${name} ${seq}`);
		const point = { seq, prev, head: await head(prev, wrapped), hash: await sha256(wrapped) };
		points.push(point);
		prev = point.head;
	}
	return (seq: number) => {
		const point = points[seq - 1];
		if (!point) throw new Error('no such seq');
		return point;
	};
}

const honest = await chainOf('honest');
const other = await chainOf('other');

function hashes(chain: typeof honest, from: number, to: number): Bytes[] {
	return Array.from({ length: to - from - 1 }, (_, i) => chain(from + 1 + i).hash);
}

describe('follow', () => {
	test.each([
		[1, 1],
		[1, 2],
		[1, 6],
		[4, 5],
		[3, 6]
	])('goes on from seq %d to seq %d', async (pin, served) => {
		await expect(
			follow(honest(pin), honest(served), hashes(honest, pin, Math.max(served, pin + 1)))
		).resolves.toBeUndefined();
	});

	test('refuses a server that serves last week’s manifest', async () => {
		await expect(follow(honest(5), honest(4), [])).rejects.toMatchObject(refusal('rollback'));
	});

	test('refuses another manifest of the pinned seq', async () => {
		await expect(follow(honest(5), other(5), [])).rejects.toMatchObject(refusal('fork'));
	});

	test('refuses hashes where nothing lies between: no head would show that they are made up', async () => {
		await expect(follow(honest(5), honest(5), [other(5).hash])).rejects.toMatchObject(
			refusal('integrity')
		);
	});

	test('refuses a branch that does not hold what was seen', async () => {
		const chain = hashes(other, 3, 6);
		await expect(follow(honest(3), other(6), chain)).rejects.toMatchObject(refusal('fork'));
	});

	test.each([
		['a hash is missing', hashes(honest, 3, 6).slice(1)],
		['a hash is too many', hashes(honest, 2, 6)],
		['hashes are exchanged', hashes(honest, 3, 6).reverse()],
		['there is none', []],
		['a hash is another one', [honest(4).hash, other(5).hash]]
	])('refuses a chain in which %s', async (_what, chain) => {
		await expect(follow(honest(3), honest(6), chain)).rejects.toMatchObject(refusal('fork'));
	});

	test('goes on over the jump that accepting a restored backup makes', async () => {
		const accepted = utf8('accepted');
		const jump = { seq: 9, prev: honest(3).head, head: await head(honest(3).head, accepted) };
		await expect(follow(honest(2), jump, [honest(3).hash])).resolves.toBeUndefined();
		await expect(follow(honest(3), jump, [])).resolves.toBeUndefined();
		await expect(follow(honest(4), jump, [])).rejects.toMatchObject(refusal('fork'));
	});
});
