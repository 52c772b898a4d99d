import { describe, expect, test } from 'vitest';
import { writeContent } from '#lib/backup/content.ts';
import { backupKindOf } from '#lib/browser/import-source.ts';
import { utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { newKey } from '#lib/items/draft.ts';

const KEY = newKey({ name: 'Stripe', fields: [{ name: 'key', value: 'v', hidden: true }] }, 5);
const MANY = Array.from({ length: 100 }, () => KEY);
const vaults = [{ name: 'Personal', keys: MANY }];
const PLAIN = new TextDecoder().decode(writeContent({ v: 1, madeAt: 7, vaults }));

function utf16(text: string): Bytes {
	return new Uint8Array(Buffer.from(`\uFEFF${text}`, 'utf16le'));
}

describe('backupKindOf', () => {
	test.each([
		['as it is written', PLAIN],
		['on one line', JSON.stringify({ v: 1, madeAt: 7, vaults })],
		['with a byte order mark', `\uFEFF${PLAIN}`],
		['with blanks before it', ` \r\n\t${PLAIN}`],
		['with a mark and blanks', `\uFEFF\n ${PLAIN}\n\n`],
		['with its moment first', JSON.stringify({ madeAt: 7, v: 1, vaults })],
		['with its vaults first', JSON.stringify({ vaults, madeAt: 7, v: 1 }, null, '\t')],
		['with its vaults between', JSON.stringify({ v: 1, vaults, madeAt: 7 })],
		['of no vault', '{"vaults":[],"v":1,"madeAt":7}'],
		['of a newer version', JSON.stringify({ v: 2, madeAt: 7, policy: {}, vaults })]
	])('knows a plain export %s', (_, text) => {
		expect(backupKindOf(utf8(text))).toBe('plain');
	});

	test('knows a plain export that an editor saved as UTF-16', () => {
		expect(backupKindOf(utf16(PLAIN))).toBe('plain');
		expect(backupKindOf(utf16(JSON.stringify({ vaults, v: 1, madeAt: 7 })))).toBe('plain');
	});

	test.each([
		['binary', 'age-encryption.org/v1\n-> scrypt'],
		['armored', '-----BEGIN AGE ENCRYPTED FILE-----\nYWdl'],
		['armored, after a mark and a blank line', '\uFEFF\n-----BEGIN AGE ENCRYPTED FILE-----\nYWdl']
	])('knows a file of age, %s', (_, text) => {
		expect(backupKindOf(utf8(text))).toBe('age');
	});

	test.each([
		['nothing', ''],
		['a Doppler object', '{"DOPPLER_CONFIG":"dev","A_KEY":"v"}'],
		['a Doppler object that has its names', '{"v":"1","madeAt":"7","vaults":"x"}'],
		['another program’s export of a version', '{"v":1,"items":[]}'],
		['a list', '[{"v":1,"madeAt":7,"vaults":[]}]'],
		['an object that holds one', '{"a":{"v":1,"madeAt":7,"vaults":[]}}'],
		['lines', 'v=1\nmadeAt=7'],
		['a text that speaks of age', 'A=age-encryption.org/v1\n']
	])('says nothing of %s', (_, text) => {
		expect(backupKindOf(utf8(text))).toBeUndefined();
	});
});
