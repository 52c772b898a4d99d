import { describe, expect, test } from 'vitest';
import { randomBytes } from '#lib/crypto/random.ts';
import { without } from '#lib/items/json.ts';
import { ENTRY_BYTES, ItemError, type Overview, type Secret } from '#lib/items/key.ts';
import { entryBytes } from '#lib/items/overview.ts';
import {
	entryOf,
	orRefused,
	overviewWith,
	plain,
	previousPrints,
	secretJson
} from '#lib/keyholder/written-items.ts';
import { ProtocolError } from '#lib/protocol/errors.ts';
import { fingerprint } from '#lib/protocol/fingerprint.ts';
import { writeJson } from '#lib/protocol/json.ts';
import { errorOf, newKey, NOW } from '../../../tests/hostile/harness.ts';
import { refusal } from '../../../tests/refusals.ts';

const KEY = randomBytes(32);
const { overview, secret } = newKey('a');
const NAMED = { id: 'AAAAAAAAAAAAAAAAAAAAAQ', revision: 2, secretHash: 'A'.repeat(43) };

function withPrevious(...values: string[]): Secret {
	const previous = values.map((value) => {
		return { replacedAt: NOW, fields: [{ name: 'key', value }] };
	});
	return { ...secret, previous };
}

function refuses(write: () => unknown, code: string): void {
	expect(write).toThrow(expect.objectContaining(refusal(code)));
}

describe('secretJson', () => {
	test('is the secret, and refuses what is none', () => {
		expect(secretJson(secret)).toEqual(secret);
		const half = { name: 'key', value: '\ud800' };
		refuses(() => secretJson({ ...secret, fields: [half] }), 'invalid');
	});

	test('refuses what is too large by its size', () => {
		const fields = [{ name: 'key', value: 'x'.repeat(70_000) }];
		refuses(() => secretJson({ ...secret, fields }), 'too-large');
	});
});

describe('overviewWith', () => {
	test('adds the moments that were left open, and keeps those that were not', async () => {
		const open = without(overview, ['createdAt', 'changedAt']) as Overview;
		const filled = await overviewWith(open, undefined, KEY, NOW + 5);
		expect(filled).toMatchObject({ createdAt: NOW + 5, changedAt: NOW + 5 });
		const kept = await overviewWith(overview, undefined, KEY, NOW + 5);
		expect(kept).toEqual(overview);
	});

	test('adds the fingerprint of each value that is written, and of no other', async () => {
		const fields = [...overview.fields, { name: 'absent', hidden: true }];
		const { fields: written } = await overviewWith({ ...overview, fields }, secret, KEY, NOW);
		const value = secret.fields[0]?.value ?? '';
		expect(written).toStrictEqual([
			{ name: 'key', hidden: true, fingerprint: await fingerprint(KEY, value) },
			{ name: 'absent', hidden: true }
		]);
	});

	test('says by what the values before are recognised, and nothing where there are none', async () => {
		const two = withPrevious('older one', 'oldest one');
		const prints = [await fingerprint(KEY, 'older one'), await fingerprint(KEY, 'oldest one')];
		expect(await previousPrints(two, KEY)).toEqual(prints);
		const said = await overviewWith(overview, two, KEY, NOW);
		expect(said.previousFingerprints).toEqual(prints);
		const again = await overviewWith(said, secret, KEY, NOW);
		expect(again).not.toHaveProperty('previousFingerprints');
	});

	test('leaves out the values before where the entry is too large anyway', async () => {
		const full = { ...overview, note: 'n'.repeat(ENTRY_BYTES) };
		const said = await overviewWith(full, withPrevious('older one'), KEY, NOW);
		expect(said).not.toHaveProperty('previousFingerprints');
	});

	test('gives up what it says of the values before where a change of the overview alone needs the room', async () => {
		const two = withPrevious('older one', 'oldest one');
		const blank = await overviewWith({ ...overview, note: '' }, two, KEY, NOW);
		const note = 'n'.repeat(ENTRY_BYTES - entryBytes(blank) - 1);
		const full = await overviewWith({ ...overview, note }, two, KEY, NOW);
		expect(full.previousFingerprints).toHaveLength(2);
		const trashed = await overviewWith({ ...full, trashedAt: NOW }, undefined, KEY, NOW);
		expect(entryOf(undefined, NAMED, trashed).overview).toMatchObject({ note, trashedAt: NOW });
		expect(trashed.previousFingerprints).toEqual([await fingerprint(KEY, 'older one')]);
	});

	test('refuses what is no overview', async () => {
		const half = { ...overview, name: '\ud800' };
		const error = await errorOf(() => overviewWith(half, secret, KEY, NOW));
		expect(error).toMatchObject(refusal('invalid'));
	});
});

describe('entryOf', () => {
	test('keeps what it does not know of the entry before, and takes the rest from the item', () => {
		const before = { ...NAMED, revision: 1, overview: { v: 1 }, strange: [1] };
		const entry = entryOf(before, NAMED, overview);
		expect(entry).toEqual({ ...NAMED, overview: plain(overview), strange: [1] });
		expect(entryOf(undefined, NAMED, overview)).toEqual({ ...NAMED, overview: plain(overview) });
	});

	test('takes what just fits, and refuses a byte more by its size', () => {
		const bytes = writeJson({ ...NAMED, overview: plain({ ...overview, note: '' }) }).length;
		const note = 'n'.repeat(ENTRY_BYTES - bytes);
		expect(entryOf(undefined, NAMED, { ...overview, note }).id).toBe(NAMED.id);
		const detail = { size: ENTRY_BYTES + 1, limit: ENTRY_BYTES };
		expect(() => entryOf(undefined, NAMED, { ...overview, note: `${note}n` })).toThrow(
			expect.objectContaining({ ...refusal('too-large'), detail })
		);
	});

	test('refuses what is too deep for the sheet that it will stand in', () => {
		const nested = (depth: number): object => (depth === 0 ? [] : [nested(depth - 1)]);
		const fits = (depth: number) => {
			try {
				writeJson({ ...NAMED, overview: plain(overview), strange: nested(depth) });
				return true;
			} catch {
				return false;
			}
		};
		const deepest = Array.from({ length: 200 }, (_, depth) => depth).findLast(fits) ?? 0;
		const before = { ...NAMED, overview: { v: 1 }, strange: nested(deepest) };
		refuses(() => entryOf(before, NAMED, overview), 'invalid');
	});
});

describe('orRefused', () => {
	const thrower = (error: Error) => () =>
		orRefused(() => {
			throw error;
		});

	test('gives what was made', () => {
		expect(orRefused(() => 7)).toBe(7);
	});

	test('calls invalid what the caller got wrong, with its words', () => {
		for (const error of [
			new ProtocolError('format', 'not a number'),
			new ItemError('format', 'not a name'),
			new ItemError('unsupported', 'not a version')
		]) {
			expect(thrower(error)).toThrow(
				expect.objectContaining({ code: 'invalid', message: error.message })
			);
		}
	});

	test('says what was too large, and leaves a fault of the program as it is', () => {
		refuses(thrower(new ItemError('too-many', 'too many fields')), 'too-large');
		const fault = new TypeError('a fault');
		expect(thrower(fault)).toThrow(fault);
	});
});
