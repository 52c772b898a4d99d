import { describe, expect, test } from 'vitest';
import { StrengthMeter, strengthOf, type Judge } from '#lib/browser/strength.ts';

describe('strengthOf', () => {
	test.each([
		[0, 'seconds', false],
		[8.9, 'seconds', false],
		[8.95, 'days', false],
		[11.4, 'days', false],
		[11.5, 'years', true],
		[13.4, 'years', true],
		[13.5, 'centuries', true],
		[40, 'centuries', true]
	] as const)('of 10^%f guesses is %s', (guessesLog10, band, accepted) => {
		expect(strengthOf(guessesLog10)).toMatchObject({ band, accepted });
	});

	test('counts seconds at ten thousand guesses each', () => {
		expect(strengthOf(6).seconds).toBe(100);
	});
});

describe('StrengthMeter', () => {
	class FakeJudge implements Judge {
		asked = 0;
		ended = false;
		known: readonly string[] = [];
		guessesLog10(_password: string, known: readonly string[]): Promise<number> {
			this.known = known;
			this.asked++;
			return Promise.resolve(12);
		}
		end(): void {
			this.ended = true;
		}
	}

	test('tells its worker what is known, in parts too, and the words of this product', async () => {
		const judge = new FakeJudge();
		const meter = new StrengthMeter(() => judge);
		await meter.judge('a', ['Ada.Lovelace@mail.example.org']);
		expect(judge.known).toEqual(
			expect.arrayContaining(['Ada.Lovelace@mail.example.org', 'Ada', 'Lovelace', 'example'])
		);
		expect(judge.known).toEqual(expect.arrayContaining(['keyhold', 'vault', 'apikey']));
	});

	test('starts its worker at the first question, once', async () => {
		const judges: FakeJudge[] = [];
		const meter = new StrengthMeter(() => {
			const judge = new FakeJudge();
			judges.push(judge);
			return judge;
		});
		expect((await meter.judge('')).accepted).toBe(false);
		expect(judges).toHaveLength(0);
		expect((await meter.judge('a')).band).toBe('years');
		await meter.judge('b');
		expect(judges.map(({ asked }) => asked)).toEqual([2]);
		meter.end();
		expect(judges[0]?.ended).toBe(true);
	});
});
