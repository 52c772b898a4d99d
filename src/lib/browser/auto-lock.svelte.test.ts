import { describe, expect, test } from 'vitest';
import { AutoLock, type AutoLockReason } from '#lib/browser/auto-lock.svelte.ts';
import type { AutoLockSettings } from '#lib/items/key.ts';
import { FakeClock } from '../../../tests/browser/fake-clock.ts';

const MINUTE_MS = 60_000;

function setUp(settings: AutoLockSettings = {}) {
	const clock = new FakeClock();
	const locks: AutoLockReason[] = [];
	const autoLock = new AutoLock(
		clock,
		(reason) => locks.push(reason),
		() => settings
	);
	autoLock.start();
	return { clock, locks, autoLock };
}

describe('AutoLock', () => {
	test('locks after fifteen minutes without anybody', () => {
		const { clock, locks } = setUp();
		clock.pass(15 * MINUTE_MS - 10_000);
		expect(locks).toEqual([]);
		clock.pass(10_000);
		expect(locks).toEqual(['idle']);
		expect(clock.timers).toBe(0);
	});

	test('counts from the last movement', () => {
		const { clock, locks, autoLock } = setUp({ idleMinutes: 5 });
		clock.pass(4 * MINUTE_MS);
		autoLock.active();
		clock.pass(4 * MINUTE_MS);
		expect(locks).toEqual([]);
		clock.pass(MINUTE_MS);
		expect(locks).toEqual(['idle']);
	});

	test('says how long is left', () => {
		const { clock, autoLock } = setUp({ idleMinutes: 1 });
		expect(autoLock.secondsLeft).toBe(60);
		clock.pass(1_000);
		expect(autoLock.secondsLeft).toBe(59);
		clock.pass(19_000);
		expect(autoLock.secondsLeft).toBe(40);
	});

	test('locks when the page is hidden only if asked to', () => {
		const asked = setUp({ onHide: true });
		asked.autoLock.hidden();
		expect(asked.locks).toEqual(['hidden']);
		const not = setUp();
		not.autoLock.hidden();
		expect(not.locks).toEqual([]);
	});

	test('locks after a sleep, at the first check', () => {
		const { clock, locks } = setUp();
		clock.jump(10 * MINUTE_MS);
		clock.pass(10_000);
		expect(locks).toEqual(['slept']);
	});

	test('is not talked out of it by the movement that wakes the machine', () => {
		const { clock, locks, autoLock } = setUp();
		clock.jump(10 * MINUTE_MS);
		autoLock.active();
		expect(locks).toEqual(['slept']);
	});

	test('does not take the slow timers of a hidden page for sleep', () => {
		const { clock, locks, autoLock } = setUp();
		clock.jump(MINUTE_MS);
		autoLock.check();
		clock.jump(MINUTE_MS);
		autoLock.check();
		expect(locks).toEqual([]);
	});

	test('of a machine that may sleep locks for the idle time alone', () => {
		const { clock, locks, autoLock } = setUp({ afterSleep: false });
		clock.jump(10 * MINUTE_MS);
		autoLock.check();
		expect(locks).toEqual([]);
		clock.jump(5 * MINUTE_MS);
		autoLock.check();
		expect(locks).toEqual(['idle']);
	});

	test('is not delayed by a clock that is set back', () => {
		const { clock, locks, autoLock } = setUp();
		clock.jump(-60 * MINUTE_MS);
		autoLock.check();
		clock.pass(15 * MINUTE_MS);
		expect(locks).toEqual(['idle']);
	});

	test('does nothing once stopped', () => {
		const { clock, locks, autoLock } = setUp({ onHide: true });
		autoLock.stop();
		autoLock.hidden();
		autoLock.active();
		clock.pass(60 * MINUTE_MS);
		expect(locks).toEqual([]);
		expect(autoLock.secondsLeft).toBeUndefined();
	});
});
