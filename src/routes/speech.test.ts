import { describe, expect, test } from 'vitest';
import { FakeClock } from '../../tests/browser/fake-clock.ts';
import { Speech } from './speech.svelte.ts';

function open() {
	const clock = new FakeClock();
	return { clock, speech: new Speech(clock) };
}

describe('what is said', () => {
	test('stays long enough to be read, and no longer', () => {
		const { clock, speech } = open();
		speech.say('Saved.');
		clock.pass(9_000);
		expect(speech.said?.text).toBe('Saved.');
		clock.pass(2_000);
		expect(speech.said).toBeUndefined();
	});

	test('has its whole time where something was said before', () => {
		const { clock, speech } = open();
		speech.say('Saved.');
		clock.pass(9_000);
		speech.say('Copied.');
		clock.pass(9_000);
		expect(speech.said?.text).toBe('Copied.');
	});

	test('is another thing when it is said again', () => {
		const { speech } = open();
		speech.say('Saved.');
		const first = speech.said;
		speech.say('Saved.');
		expect(speech.said).not.toBe(first);
	});
});
