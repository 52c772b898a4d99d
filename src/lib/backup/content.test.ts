import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { utf8 } from '#lib/encoding/bytes.ts';
import { keyCount, readContent, writeContent, type BackupContent } from '#lib/backup/content.ts';
import { ContentError } from '#lib/backup/errors.ts';
import { newKey } from '#lib/items/draft.ts';

const KEY = newKey(
	{ name: 'Stripe live', fields: [{ name: 'key', value: 'välue 鍵', hidden: true }] },
	1_700_000_000_000
);
const CONTENT: BackupContent = {
	v: 1,
	madeAt: 1_700_000_000_000,
	vaults: [
		{ name: 'Personal', keys: [KEY, KEY] },
		{ name: 'Work', keys: [] }
	]
};

function codeOf(bytes: Uint8Array): string {
	try {
		readContent(bytes);
	} catch (error) {
		if (error instanceof ContentError) return error.code;
		throw error;
	}
	return 'read';
}

/** The content as JSON, with `change` made to its object. */
function changed(change: (json: Record<string, unknown>) => unknown): Uint8Array {
	const json = JSON.parse(new TextDecoder().decode(writeContent(CONTENT))) as Record<
		string,
		unknown
	>;
	return utf8(JSON.stringify(change(json)));
}

describe('readContent', () => {
	test('reads what was written', () => {
		expect(readContent(writeContent(CONTENT))).toEqual(CONTENT);
	});

	test('reads what an editor saved anew: with a mark, with blanks, in UTF-16', () => {
		const text = new TextDecoder().decode(writeContent(CONTENT));
		const little = Buffer.from(`\uFEFF${text}`, 'utf16le');
		const big = Buffer.from(little).swap16();
		const { v, madeAt, vaults } = CONTENT;
		const reordered = utf8(JSON.stringify({ vaults, madeAt, v }));
		for (const bytes of [utf8(`\uFEFF\r\n ${text}`), little, big, reordered]) {
			expect(readContent(bytes)).toEqual(CONTENT);
		}
	});

	test('keeps members of a key that this version does not know', () => {
		const overview = { ...KEY.overview, later: [{ deep: 1 }] };
		const content = { ...CONTENT, vaults: [{ name: 'x', keys: [{ ...KEY, overview }] }] };
		expect(readContent(writeContent(content))).toEqual(content);
	});

	test.each([
		['nothing', utf8('')],
		['a text', utf8('hello')],
		['null', utf8('null')],
		['a list', utf8('[]')],
		['bytes that are not UTF-8', new Uint8Array([0xff, 0xfe])],
		['a file cut in half', writeContent(CONTENT).subarray(0, 200)],
		['no version', changed(({ madeAt, vaults }) => ({ madeAt, vaults }))],
		['version 0', changed((json) => ({ ...json, v: 0 }))],
		['a member too many', changed((json) => ({ ...json, policy: {} }))],
		['a moment that is a text', changed((json) => ({ ...json, madeAt: '2026' }))],
		['vaults that are an object', changed((json) => ({ ...json, vaults: {} }))],
		['65 vaults', changed((json) => ({ ...json, vaults: many(65, { name: 'x', keys: [] }) }))],
		['a name of 1,001 letters', withVault({ name: 'n'.repeat(1_001), keys: [] })],
		['20,001 keys', withVault({ name: 'x', keys: many(20_001, 0) })],
		['a key without its secret', withVault({ name: 'x', keys: [{ overview: KEY.overview }] })],
		['a key with a member of its own', withVault({ name: 'x', keys: [{ ...KEY, id: 'x' }] })],
		['a key without a name', withKey({ overview: { v: 1 } })],
		[
			'a value that no vault could hold',
			withKey({ secret: { v: 1, fields: [{ name: 'key', value: 'x'.repeat(65_533) }] } })
		],
		['nesting of 10,000', utf8('['.repeat(10_000) + ']'.repeat(10_000))],
		['__proto__', utf8('{"v":1,"madeAt":1,"__proto__":[]}')]
	])('refuses %s', (_what, bytes) => {
		expect(codeOf(bytes)).toBe('backup-format');
	});

	test('says of a newer version that it is newer', () => {
		expect(codeOf(changed((json) => ({ ...json, v: 2 })))).toBe('backup-newer');
		expect(codeOf(withKey({ overview: { ...KEY.overview, v: 2 } }))).toBe('backup-newer');
	});

	test('answers whatever is in the file with one kind of error', () => {
		fc.assert(
			fc.property(fc.json(), (json) => {
				expect(codeOf(utf8(json))).toBe('backup-format');
			})
		);
	});
});

describe('keyCount', () => {
	test('counts the keys of all vaults', () => {
		expect(keyCount(CONTENT)).toBe(2);
	});
});

function many(length: number, entry: unknown): unknown[] {
	return Array.from({ length }, () => entry);
}

function withVault(vault: unknown): Uint8Array {
	return changed((json) => ({ ...json, vaults: [vault] }));
}

function withKey(members: object): Uint8Array {
	return withVault({ name: 'x', keys: [{ ...KEY, ...members }] });
}
