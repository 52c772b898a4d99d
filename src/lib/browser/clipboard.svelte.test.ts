import { describe, expect, test } from 'vitest';
import { Clipboard } from '#lib/browser/clipboard.svelte.ts';
import { FakeClock } from '../../../tests/browser/fake-clock.ts';
import { settled } from '../../../tests/browser/settled.ts';

function setUp(seconds = 30) {
	const clock = new FakeClock();
	const system = { text: 'before', focused: true, refuses: false };
	const clipboard = new Clipboard(
		{
			clock,
			hasFocus: () => system.focused,
			write: async (text) => {
				const { refuses } = system;
				const plain = await text;
				if (refuses) throw new Error('refused');
				system.text = plain;
			}
		},
		() => seconds
	);
	return { clock, clipboard, system };
}

describe('putAway', () => {
	test('takes the message off the screen, not the value out of the clipboard', async () => {
		const { clock, clipboard, system } = setUp();
		await clipboard.put('value', 'x');
		expect(clipboard.told).toBe(clipboard.held);
		clipboard.putAway();
		clock.pass(1_000);
		expect(clipboard.told).toBeUndefined();
		expect(clipboard.held?.secondsLeft).toBe(29);
		clock.pass(29_000);
		await settled();
		expect(system.text).toBe('');
	});

	test('is for one value: the next is told', async () => {
		const { clipboard } = setUp();
		await clipboard.put('value', 'x');
		clipboard.putAway();
		await clipboard.put('other', 'y');
		expect(clipboard.told?.label).toBe('y');
	});
});

describe('put', () => {
	test('counts down second by second', async () => {
		const { clock, clipboard } = setUp();
		expect(await clipboard.put('value', 'OpenAI main')).toBe(true);
		expect(clipboard.held).toEqual({ label: 'OpenAI main', secondsLeft: 30, secondsTotal: 30 });
		clock.pass(1_000);
		expect(clipboard.held?.secondsLeft).toBe(29);
	});

	test('clears when the time is up', async () => {
		const { clock, clipboard, system } = setUp();
		await clipboard.put('value', 'x');
		clock.pass(29_900);
		expect(system.text).toBe('value');
		clock.pass(100);
		await settled();
		expect(system.text).toBe('');
		expect(clipboard.held).toBeUndefined();
		expect(clock.timers).toBe(0);
	});

	test('without focus clears at the next focus', async () => {
		const { clock, clipboard, system } = setUp();
		await clipboard.put('value', 'x');
		system.focused = false;
		clock.pass(40_000);
		await settled();
		expect(system.text).toBe('value');
		expect(clipboard.held?.secondsLeft).toBe(0);
		system.focused = true;
		await clipboard.clearOverdue();
		expect(system.text).toBe('');
		expect(clipboard.held).toBeUndefined();
	});

	test('a focus in time clears nothing', async () => {
		const { clock, clipboard, system } = setUp();
		await clipboard.put('value', 'x');
		clock.pass(1_000);
		await clipboard.clearOverdue();
		expect(system.text).toBe('value');
	});

	test('of another value starts anew', async () => {
		const { clock, clipboard, system } = setUp();
		await clipboard.put('one', '1');
		clock.pass(20_000);
		await clipboard.put('two', '2');
		clock.pass(20_000);
		expect(system.text).toBe('two');
		expect(clipboard.held).toMatchObject({ label: '2', secondsLeft: 10 });
	});

	test('that the browser refuses is answered and said', async () => {
		const { clipboard, system } = setUp();
		system.refuses = true;
		expect(await clipboard.put('value', 'x')).toBe(false);
		expect(clipboard.fault).toEqual({ code: 'clipboard' });
		expect(clipboard.held).toBeUndefined();
	});

	test('of a value that does not come rejects, and leaves what was there', async () => {
		const { clipboard, system } = setUp();
		await expect(clipboard.put(Promise.reject(new Error('offline')), 'x')).rejects.toThrow();
		expect(system.text).toBe('before');
		expect(clipboard.fault).toBeUndefined();
	});

	test('takes the seconds of the settings at each copy', async () => {
		const { clipboard } = setUp(90);
		await clipboard.put('value', 'x');
		expect(clipboard.held?.secondsTotal).toBe(90);
	});
});

describe('clear', () => {
	test('leaves a clipboard alone that holds nothing of ours', async () => {
		const { clipboard, system } = setUp();
		await clipboard.clear();
		expect(system.text).toBe('before');
	});

	test('acts at once', async () => {
		const { clipboard, system, clock } = setUp();
		await clipboard.put('value', 'x');
		await clipboard.clear();
		expect(system.text).toBe('');
		expect(clock.timers).toBe(0);
	});

	test('that is refused is tried again at the next focus, click or key', async () => {
		const { clipboard, system } = setUp();
		await clipboard.put('value', 'x');
		system.refuses = true;
		await clipboard.clear();
		expect(clipboard.fault).toEqual({ code: 'clipboard' });
		system.refuses = false;
		await clipboard.clearOverdue();
		expect(system.text).toBe('');
		expect(clipboard.fault).toBeUndefined();
	});

	test('that is refused says nothing of a value that was copied meanwhile', async () => {
		const { clipboard, system } = setUp();
		await clipboard.put('value', 'x');
		system.refuses = true;
		const clearing = clipboard.clear();
		system.refuses = false;
		await clipboard.put('another', 'y');
		await clearing;
		expect(clipboard.fault).toBeUndefined();
	});

	test('leaves the countdown of a value that was copied meanwhile', async () => {
		const { clipboard } = setUp();
		await clipboard.put('value', 'x');
		const clearing = clipboard.clear();
		await clipboard.put('another', 'y');
		await clearing;
		expect(clipboard.held).toMatchObject({ label: 'y', secondsLeft: 30 });
	});
});
