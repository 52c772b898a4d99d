import { describe, expect, test } from 'vitest';
import { settled } from '../../../tests/browser/settled.ts';
import { World } from '../../../tests/browser/world.ts';

/** A tab beside another one in which an account is open. */
function beside(): World {
	const world = new World(true);
	world.memory.remembered = ' Ada@example.org';
	return world;
}

describe('resume', () => {
	test('opens what another tab has lent, and nothing is derived', async () => {
		const world = beside();
		expect(world.session.phase).toBe('starting');
		await world.session.resume();
		expect(world.session.phase).toBe('unlocked');
		expect(world.host.asked).toEqual(['resume', 'view']);
		expect(world.session.resuming).toBe(false);
	});

	test('starts no worker where nothing is lent', async () => {
		const world = beside();
		world.lends = false;
		await world.session.resume();
		expect(world.session.phase).toBe('locked');
		expect(world.hosts).toEqual([]);
	});

	test('is at the door at once where tabs share nothing', () => {
		expect(new World().session.phase).toBe('locked');
	});

	test('keeps the email as it was typed on this device', async () => {
		const world = new World(true);
		await world.session.resume();
		expect(world.memory.remembered).toBe('ada@example.org');
		const again = new World(true);
		again.memory.remembered = 'ada@example.org';
		await again.session.resume();
		expect(again.memory.remembered).toBe('ada@example.org');
	});

	test('is at the door, without a word, if it was forgotten meanwhile', async () => {
		const world = beside();
		world.lent = 'nothing';
		await world.session.resume();
		expect(world.session.phase).toBe('locked');
		expect(world.session.lockReason).toBeUndefined();
		expect(world.toldLocked).toEqual([]);
	});

	test('is at the door, without a word, if it was forgotten while this tab fetched', async () => {
		const world = beside();
		world.lent = 'nothing';
		world.holding = true;
		const resuming = world.session.resume();
		await settled();
		world.host.onStep?.({ step: 2 });
		await world.host.release();
		await resuming;
		expect(world.session.phase).toBe('locked');
		expect(world.session.fault).toBeUndefined();
		expect(world.host.ended).toBe(true);
	});

	test('does not take the email that this device remembers for that of another account', async () => {
		const world = new World(true);
		await world.session.unlock('eve@example.org', 'right');
		// Another tab has opened another account since, and has lent it.
		world.fail('auth');
		await expect(world.session.look()).rejects.toThrow();
		await settled();
		expect(world.session.phase).toBe('unlocked');
		expect(world.session.email).toBe('ada@example.org');
		expect(world.memory.remembered).toBe('ada@example.org');
	});

	test('says that the session has ended, to the other tabs too', async () => {
		const world = beside();
		world.lent = 'ended';
		await world.session.resume();
		expect(world.session.lockReason).toBe('expired');
		expect(world.toldLocked).toEqual(['expired']);
	});

	test('with keys that were replaced locks this tab alone', async () => {
		const world = beside();
		world.lent = 'stale';
		await world.session.resume();
		expect(world.session.lockReason).toBe('expired');
		expect(world.toldLocked).toEqual([]);
	});

	test.each(['rollback', 'fork', 'integrity', 'offline', 'pins-lost'] as const)(
		'that fails with %s says so at the door, and locks no other tab',
		async (code) => {
			const world = beside();
			world.holding = true;
			const resuming = world.session.resume();
			await settled();
			world.fail(code);
			await world.host.release();
			await resuming;
			expect(world.session.phase).toBe('locked');
			expect(world.session.fault).toEqual({ code });
			expect(world.session.view).toBeUndefined();
			expect(world.toldLocked).toEqual([]);
		}
	);

	test('gives up on other tabs that do not answer', async () => {
		const world = beside();
		world.holding = true;
		const resuming = world.session.resume();
		await settled();
		expect(world.session.resuming).toBe(true);
		// The program that asks them may be on its way.
		world.clock.pass(10_000);
		expect(world.session.resuming).toBe(true);
		world.clock.pass(10_000);
		expect(world.session.phase).toBe('locked');
		expect(world.host.ended).toBe(true);
		await world.host.release();
		await resuming;
		expect(world.session.phase).toBe('locked');
		expect(world.session.fault).toBeUndefined();
	});

	test('takes its time once it was answered', async () => {
		const world = beside();
		world.holding = true;
		const resuming = world.session.resume();
		await settled();
		world.host.onStep?.({ step: 2 });
		world.clock.pass(60_000);
		expect(world.session.phase).toBe('fetching');
		await world.host.release();
		await settled();
		await world.host.release();
		await resuming;
		expect(world.session.phase).toBe('unlocked');
	});
});

describe('a lock of this tab', () => {
	test.each(['asked', 'idle', 'hidden', 'slept'] as const)(
		'for %s is told to the others, and takes back what was lent',
		async (reason) => {
			const world = new World(true);
			await world.unlock();
			world.session.lock(reason);
			expect(world.toldLocked).toEqual([reason]);
			expect(world.host.asked.at(-1)).toBe('lock');
		}
	);

	test('of a page that is kept for "back" stays in it', async () => {
		const world = new World(true);
		await world.unlock();
		world.session.lock('left');
		expect(world.toldLocked).toEqual([]);
		expect(world.host.asked.at(-1)).toBe('lock alone');
	});

	test('in which nothing was shown locks no other one', async () => {
		const world = new World(true);
		await world.session.unlockWithKit('ada@example.org', 'kit', undefined);
		expect(world.session.phase).toBe('held');
		world.session.lock();
		expect(world.toldLocked).toEqual([]);
		expect(world.host.asked.at(-1)).toBe('lock alone');
	});

	test('by signing out is told to the others', async () => {
		const world = new World(true);
		await world.unlock();
		await world.session.signOut();
		expect(world.toldLocked).toEqual(['signed-out']);
	});

	test('by a worker that ended is told to the others', async () => {
		const world = new World(true);
		await world.unlock();
		world.host.onLost({ code: 'worker-lost' });
		expect(world.toldLocked).toEqual(['lost']);
	});
});

describe('a lock of another tab', () => {
	test('locks this one, for the same reason', async () => {
		const world = new World(true);
		await world.unlock();
		world.session.lockToo('idle');
		expect(world.session.phase).toBe('locked');
		expect(world.session.lockReason).toBe('idle');
		expect(world.host.asked.at(-1)).toBe('lock');
		expect(world.toldLocked).toEqual([]);
	});

	test('that was asked for there is said here', async () => {
		const world = new World(true);
		await world.unlock();
		world.session.lockToo('asked');
		expect(world.session.lockReason).toBe('elsewhere');
	});

	test.each(['hidden', 'lost'] as const)('is not told as if this one were %s', async (reason) => {
		const world = new World(true);
		await world.unlock();
		world.session.lockToo(reason);
		expect(world.session.lockReason).toBe('elsewhere');
	});

	test('ends an opening by what was lent', async () => {
		const world = beside();
		world.holding = true;
		const resuming = world.session.resume();
		await settled();
		world.session.lockToo('asked');
		await world.host.release();
		await resuming;
		expect(world.session.phase).toBe('locked');
		expect(world.session.view).toBeUndefined();
	});

	test('leaves alone whoever works on a password here', async () => {
		const world = new World(true);
		world.holding = true;
		const unlocking = world.session.unlock('ada@example.org', 'right');
		world.session.lockToo('idle');
		expect(world.session.phase).toBe('deriving');
		world.session.lockToo('signed-out');
		expect(world.session.phase).toBe('locked');
		await world.host.release();
		expect(await unlocking).toBe('stopped');
	});

	test('leaves alone whoever replaces keys here', async () => {
		const world = new World(true);
		await world.session.unlockWithKit('ada@example.org', 'kit', undefined);
		world.session.lockToo('idle');
		expect(world.session.phase).toBe('held');
	});

	test('says nothing at a door that is shut already', () => {
		const world = new World();
		world.session.lockToo('signed-out');
		expect(world.session.lockReason).toBeUndefined();
	});
});

describe('an account that another tab opens', () => {
	test('locks this one alone if it is another: its session is no more', async () => {
		const world = new World(true);
		await world.unlock();
		world.session.openedElsewhere('another');
		expect(world.session.phase).toBe('locked');
		expect(world.session.lockReason).toBe('expired');
		expect(world.host.asked.at(-1)).toBe('lock alone');
		expect(world.toldLocked).toEqual([]);
	});

	test('leaves this one open if it is the same', async () => {
		const world = new World(true);
		await world.unlock();
		world.session.openedElsewhere('account');
		expect(world.session.phase).toBe('unlocked');
	});

	test('is told to the others, however it was opened', async () => {
		const typed = new World(true);
		await typed.unlock();
		const resumed = beside();
		await resumed.session.resume();
		expect([typed.toldOpened, resumed.toldOpened]).toEqual([['account'], ['account']]);
	});
});

describe('a session that the server has ended', () => {
	test('is opened again by keys that another tab has lent since it replaced them', async () => {
		const world = new World(true);
		await world.unlock();
		world.fail('auth');
		await expect(world.session.look()).rejects.toThrow();
		await settled();
		expect(world.hosts).toHaveLength(2);
		expect(world.session.phase).toBe('unlocked');
		expect(world.toldLocked).toEqual([]);
	});

	test('shows no door before it is known whether it stays shut', async () => {
		const world = new World(true);
		await world.unlock();
		world.fail('auth');
		const shown: boolean[] = [];
		world.session.onLock(() => shown.push(!world.session.resuming));
		await expect(world.session.look()).rejects.toThrow();
		expect(shown).toEqual([false]);
		await settled();
		expect(world.session.resuming).toBe(false);
	});

	test.each(['ended', 'nothing', 'stale'] as const)(
		'is locked, and says so, where what was lent is %s',
		async (lent) => {
			const world = new World(true);
			await world.unlock();
			world.lent = lent;
			world.fail('auth');
			await expect(world.session.look()).rejects.toThrow();
			await settled();
			expect(world.session.phase).toBe('locked');
			expect(world.session.lockReason).toBe('expired');
		}
	);

	test('is locked, and says so, where other tabs do not answer', async () => {
		const world = new World(true);
		await world.unlock();
		world.fail('auth');
		world.holding = true;
		await expect(world.session.look()).rejects.toThrow();
		await settled();
		world.clock.pass(20_000);
		expect(world.session.phase).toBe('locked');
		expect(world.session.lockReason).toBe('expired');
	});

	test('is locked where nothing is lent', async () => {
		const world = new World(true);
		await world.unlock();
		world.lends = false;
		world.fail('auth');
		await expect(world.session.look()).rejects.toThrow();
		await settled();
		expect(world.session.lockReason).toBe('expired');
	});
});
