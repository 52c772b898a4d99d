import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { equal } from '#lib/encoding/bytes.ts';
import { readKit, writeKit } from '#lib/protocol/recovery-kit.ts';
import { refusal } from '../../../tests/refusals.ts';

const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const r20 = Uint8Array.from({ length: 20 }, (_, i) => i);
const kit = await writeKit(r20);

describe('writeKit', () => {
	test('writes ten groups', () => {
		expect(kit).toMatch(/^KH1(-[0-9A-HJKMNP-TV-Z]{4}){9}$/);
	});

	test.each([0, 19, 21])('refuses %d bytes', async (length) => {
		await expect(writeKit(new Uint8Array(length))).rejects.toMatchObject(refusal('format'));
	});
});

describe('readKit', () => {
	test('reads every kit that was written', async () => {
		const secrets = fc.uint8Array({ minLength: 20, maxLength: 20 });
		await fc.assert(
			fc.asyncProperty(secrets, async (secret) => {
				const answer = await readKit(await writeKit(Uint8Array.from(secret)));
				expect('r20' in answer && equal(answer.r20, secret)).toBe(true);
			}),
			{ seed: 1, numRuns: 100 }
		);
	});

	test.each([
		['lower case', kit.toLowerCase()],
		['no dashes', kit.replaceAll('-', '')],
		['spaces for dashes', kit.replaceAll('-', ' ')],
		['spaces around', `  ${kit}\n`],
		['O for 0', kit.replaceAll('0', 'O')],
		['o for 0', kit.replaceAll('0', 'o')],
		['I for 1', `KH1${kit.slice(3).replaceAll('1', 'I')}`],
		['l for 1', `KH1${kit.slice(3).replaceAll('1', 'l')}`],
		['groups of other sizes', kit.replaceAll('-', '').replace(/(.{5})/g, '$1-')]
	])('reads it with %s', async (_how, typed) => {
		expect(await readKit(typed)).toEqual({ r20 });
	});

	const last = kit.length - 4;
	const otherChecks = [0, 1, 2, 3].flatMap((i) =>
		Array.from(SYMBOLS)
			.filter((symbol) => symbol !== kit[last + i])
			.map((symbol) => kit.slice(0, last + i) + symbol + kit.slice(last + i + 1))
	);

	test('finds each of the 124 wrong check symbols', async () => {
		expect(otherChecks).toHaveLength(124);
		for (const typed of otherChecks) expect(await readKit(typed)).toEqual({ fault: 'check' });
	});

	test('finds another symbol at every place', async () => {
		for (let i = 4; i < last; i++) {
			if (kit[i] === '-') continue;
			const other = kit[i] === '7' ? '8' : '7';
			const typed = kit.slice(0, i) + other + kit.slice(i + 1);
			expect(await readKit(typed)).toEqual({ fault: 'check' });
		}
	});

	test('finds neighbours that were exchanged', async () => {
		const typed = kit.replace('40R4', '4R04');
		expect(await readKit(typed)).toEqual({ fault: 'check' });
	});

	test.each([
		['nothing', '', 'prefix'],
		['no prefix', kit.slice(4), 'prefix'],
		['the prefix of a later kind', kit.replace('KH1', 'KH2'), 'prefix'],
		['only the prefix', 'KH1', 'length'],
		['a symbol too few', kit.slice(0, -1), 'length'],
		['a symbol too many', `${kit}0`, 'length'],
		['a kit twice', `${kit}-${kit.slice(4)}`, 'length'],
		['a U', kit.replace('000G', '00UG'), 'character'],
		['a dotless i', kit.replace('000G', '00ıG'), 'character'],
		['a full stop', `${kit}.`, 'character']
	])('says what is wrong with %s', async (_what, typed, fault) => {
		expect(await readKit(typed)).toEqual({ fault });
	});
});
