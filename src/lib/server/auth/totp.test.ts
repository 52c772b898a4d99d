import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { utf8 } from '#lib/encoding/bytes.ts';
import { codeAt, newSeed, stepOf } from '#lib/server/auth/totp.ts';

/** The seed of RFC 6238, appendix B. */
const SEED = utf8('12345678901234567890');
const STEP_MS = 30_000;

describe('codeAt', () => {
	/** Time in seconds and the last six of the eight digits that appendix B gives for SHA-1. */
	test.each([
		[59, '287082'],
		[1_111_111_109, '081804'],
		[1_111_111_111, '050471'],
		[1_234_567_890, '005924'],
		[2_000_000_000, '279037'],
		[20_000_000_000, '353130']
	])('is the code of RFC 6238 at %i seconds', (seconds, code) => {
		expect(codeAt(SEED, Math.floor(seconds / 30))).toBe(code);
	});

	/** RFC 4226, appendix D: the counter is the step. */
	test.each([
		[0, '755224'],
		[1, '287082'],
		[2, '359152'],
		[3, '969429'],
		[4, '338314'],
		[5, '254676'],
		[6, '287922'],
		[7, '162583'],
		[8, '399871'],
		[9, '520489']
	])('is the code of RFC 4226 for the count %i', (count, code) => {
		expect(codeAt(SEED, count)).toBe(code);
	});
});

describe('stepOf', () => {
	const NOW = 1_700_000_000_000;
	const STEP = Math.floor(NOW / STEP_MS);
	const at = { nowMs: NOW, usedStep: 0 };

	test.each([-1, 0, 1])('takes the code of %i steps from now', (drift) => {
		expect(stepOf(SEED, codeAt(SEED, STEP + drift), at)).toBe(STEP + drift);
	});

	test.each([-3, -2, 2, 3])('refuses the code of %i steps from now', (drift) => {
		expect(stepOf(SEED, codeAt(SEED, STEP + drift), at)).toBeUndefined();
	});

	test('takes the first and the last millisecond of a step for the same', () => {
		for (const nowMs of [STEP * STEP_MS, (STEP + 1) * STEP_MS - 1]) {
			expect(stepOf(SEED, codeAt(SEED, STEP + 1), { nowMs, usedStep: 0 })).toBe(STEP + 1);
			expect(stepOf(SEED, codeAt(SEED, STEP - 2), { nowMs, usedStep: 0 })).toBeUndefined();
		}
	});

	test('refuses a step that was used, and every one before it', () => {
		for (const drift of [-1, 0, 1]) {
			const code = codeAt(SEED, STEP + drift);
			expect(stepOf(SEED, code, { nowMs: NOW, usedStep: STEP + drift })).toBeUndefined();
			expect(stepOf(SEED, code, { nowMs: NOW, usedStep: STEP + 1 })).toBeUndefined();
			expect(stepOf(SEED, code, { nowMs: NOW, usedStep: STEP + drift - 1 })).toBe(STEP + drift);
		}
	});

	test('takes no code of another seed, but by the chance that six digits leave', () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (bytes) => {
				const other = new Uint8Array(bytes);
				const code = codeAt(other, STEP);
				const ours = [-1, 0, 1].map((drift) => codeAt(SEED, STEP + drift));
				expect(stepOf(SEED, code, at) !== undefined).toBe(ours.includes(code));
			})
		);
	});
});

describe('newSeed', () => {
	test('is 20 random bytes', () => {
		expect(newSeed()).toHaveLength(20);
		expect(newSeed()).not.toEqual(newSeed());
	});
});
