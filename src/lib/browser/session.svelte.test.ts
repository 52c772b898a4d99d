import { describe, expect, test } from 'vitest';
import { rowOf } from '../../../tests/browser/keys.ts';
import { settled } from '../../../tests/browser/settled.ts';
import { World } from '../../../tests/browser/world.ts';

describe('unlock', () => {
	test('shows the steps with their true counts', async () => {
		const world = new World();
		world.holding = true;
		const unlocking = world.session.unlock('ada@example.org', 'right');
		expect(world.session.phase).toBe('deriving');
		world.clock.pass(1_400);
		expect(world.session.progress).toEqual({ step: 1, seconds: 1.4 });
		world.host.onStep?.({ step: 2 });
		expect(world.session.phase).toBe('fetching');
		world.host.onStep?.({ step: 3, done: 64, total: 100 });
		expect(world.session.phase).toBe('verifying');
		expect(world.session.progress).toMatchObject({ step: 3, done: 64, total: 100 });
		await world.host.release();
		expect(await unlocking).toBe('unlocked');
		expect(world.session.phase).toBe('unlocked');
	});

	test('says nothing of how many keys there were once it is locked', async () => {
		const world = new World();
		world.holding = true;
		const unlocking = world.session.unlock('ada@example.org', 'right');
		world.host.onStep?.({ step: 3, done: 100, total: 100 });
		await world.host.release();
		await unlocking;
		world.session.lock();
		expect(world.session.progress).toEqual({ step: 1, seconds: 0 });
	});

	test('remembers how long deriving took, for the scale of the next one', async () => {
		const world = new World();
		world.holding = true;
		const unlocking = world.session.unlock('ada@example.org', 'right');
		world.clock.pass(1_400);
		world.host.onStep?.({ step: 2 });
		world.host.onStep?.({ step: 2, keys: 9 });
		await world.host.release();
		await unlocking;
		expect(world.memory.seconds).toEqual([1.4]);
		world.session.lock();
		void world.session.unlock('ada@example.org', 'right');
		expect(world.session.progress).toEqual({ step: 1, seconds: 0, usualSeconds: 1.4 });
	});

	test('is not shown as verifying by a step that comes after the answer', async () => {
		const world = new World();
		await world.unlock();
		world.host.onStep?.({ step: 3, done: 1, total: 1 });
		expect(world.session.phase).toBe('unlocked');
	});

	test('leaves no clock ticking', async () => {
		const world = new World();
		await world.unlock();
		expect(world.clock.timers).toBe(0);
	});

	test('remembers the email once it has opened an account', async () => {
		const world = new World();
		await world.unlock();
		expect(world.memory.remembered).toBe('ada@example.org');
		expect(world.session.email).toBe('ada@example.org');
	});

	test('remembers the email as it was typed: the rule for its one form is applied only once', async () => {
		const world = new World();
		await world.session.unlock(' Ada@example.org', 'right');
		expect(world.session.view?.email).toBe('ada@example.org');
		expect(world.session.email).toBe(' Ada@example.org');
		expect(world.memory.remembered).toBe(' Ada@example.org');
	});

	test('answers a wrong password, stays locked and remembers nothing', async () => {
		const world = new World();
		world.session.warm();
		world.host.outcome = 'wrong-password';
		expect(await world.session.unlock('eve@example.org', 'wrong')).toBe('wrong-password');
		expect(world.session.phase).toBe('locked');
		expect(world.session.fault).toBeUndefined();
		expect(world.memory.remembered).toBe('');
	});

	test('shows what failed, and nothing of it once it is tried again', async () => {
		const world = new World();
		world.session.warm();
		world.fail('memory');
		expect(await world.session.unlock('ada@example.org', 'right')).toBe('failed');
		expect(world.session.fault).toEqual({ code: 'memory' });
		expect(world.session.phase).toBe('locked');
		world.host.fault = undefined;
		await world.unlock();
		expect(world.session.fault).toBeUndefined();
	});

	test('of a second try makes the first one stopped', async () => {
		const world = new World();
		world.holding = true;
		const first = world.session.unlock('ada@example.org', 'one');
		const second = world.session.unlock('ada@example.org', 'right');
		await world.host.release();
		expect(await first).toBe('stopped');
		expect(await second).toBe('unlocked');
	});
});

describe('an account that was compared with nothing', () => {
	test('is called so until the person has confirmed it', async () => {
		const world = new World();
		world.known = false;
		await world.unlock();
		expect(world.session.firstSight.unseen).toBe('new');
		world.session.firstSight.confirm();
		expect(world.session.firstSight.unseen).toBeUndefined();
	});

	test('is still called so at the next unlock, when there is a memory, but none confirmed', async () => {
		const world = new World();
		world.known = false;
		await world.unlock();
		world.session.lock();
		world.known = true;
		await world.unlock();
		expect(world.session.firstSight.unseen).toBe('new');
		world.session.firstSight.confirm();
		world.session.lock();
		await world.unlock();
		expect(world.session.firstSight.unseen).toBeUndefined();
	});

	test('is called forgotten where this device still knew the email', async () => {
		const world = new World();
		await world.unlock();
		world.session.lock();
		world.known = false;
		await world.unlock();
		expect(world.session.firstSight.unseen).toBe('forgotten');
	});

	test('is no account that this device remembers', async () => {
		const world = new World();
		await world.unlock();
		expect(world.session.firstSight.unseen).toBeUndefined();
	});
});

describe('stop', () => {
	test('ends the worker, and the unlock answers that it was stopped', async () => {
		const world = new World();
		world.holding = true;
		const unlocking = world.session.unlock('ada@example.org', 'right');
		world.session.stop();
		expect(world.host.ended).toBe(true);
		expect(world.session.phase).toBe('locked');
		await world.host.release();
		expect(await unlocking).toBe('stopped');
		expect(world.session.phase).toBe('locked');
		expect(world.session.view).toBeUndefined();
	});

	test('starts a new worker at the next unlock', async () => {
		const world = new World();
		world.holding = true;
		void world.session.unlock('ada@example.org', 'right');
		world.session.stop();
		world.holding = false;
		await world.unlock();
		expect(world.hosts).toHaveLength(2);
	});

	test('does nothing to an account that is open', async () => {
		const world = new World();
		await world.unlock();
		world.session.stop();
		expect(world.session.phase).toBe('unlocked');
	});
});

describe('lock', () => {
	test('empties the view at once and ends the worker once it has wiped its keys', async () => {
		const world = new World();
		await world.unlock();
		world.session.lock('idle');
		expect(world.session.view).toBeUndefined();
		expect(world.session.lockReason).toBe('idle');
		await settled();
		expect(world.host.asked.at(-1)).toBe('lock');
		expect(world.host.ended).toBe(true);
	});

	test('ends a worker that does not answer', async () => {
		const world = new World();
		await world.unlock();
		world.host.hold();
		world.session.lock();
		expect(world.host.ended).toBe(false);
		world.clock.pass(1_000);
		expect(world.host.ended).toBe(true);
	});

	test('tells whoever asked to know', async () => {
		const world = new World();
		let locks = 0;
		const off = world.session.onLock(() => locks++);
		await world.unlock();
		world.session.lock();
		off();
		await world.unlock();
		world.session.lock();
		expect(locks).toBe(1);
	});

	test('drops an answer that was under way', async () => {
		const world = new World();
		await world.unlock();
		world.host.hold();
		const looking = world.session.look('refresh');
		world.session.lock();
		await world.host.release();
		await expect(looking).rejects.toMatchObject({ fault: { code: 'locked' } });
		expect(world.session.view).toBeUndefined();
	});

	test('drops an account that was only prepared', async () => {
		const world = new World();
		await world.session.prepare('ada@example.org', 'right');
		expect(world.session.prepared).toBe(true);
		world.session.lock('left');
		expect(world.session.prepared).toBe(false);
		await settled();
		expect(world.host.ended).toBe(true);
	});
});

describe('signOut', () => {
	test('shows nothing any more before the server has answered', async () => {
		const world = new World();
		await world.unlock();
		world.host.hold();
		const out = world.session.signOut();
		expect(world.session.view).toBeUndefined();
		await world.host.release();
		await out;
		expect(world.session.lockReason).toBe('signed-out');
		expect(world.host.ended).toBe(true);
	});

	test('says that the server could not be told', async () => {
		const world = new World();
		await world.unlock();
		world.fail('offline');
		await world.session.signOut();
		expect(world.session.phase).toBe('locked');
		expect(world.session.fault).toEqual({ code: 'offline' });
	});

	test('keeps the email: it is forgotten only when asked', async () => {
		const world = new World();
		await world.unlock();
		await world.session.signOut();
		expect(world.session.email).toBe('ada@example.org');
		world.session.forgetEmail();
		expect(world.session.email).toBe('');
		expect(world.memory.remembered).toBe('');
	});
});

describe('register', () => {
	test('keeps what was prepared until the server has it', async () => {
		const world = new World();
		expect(await world.session.prepare('Ada@example.org', 'right')).toEqual({
			outcome: 'prepared',
			kit: 'KH1-KIT'
		});
		world.fail('offline');
		expect(await world.session.register()).toBe('failed');
		expect(world.session.prepared).toBe(true);
		world.host.fault = undefined;
		expect(await world.session.register()).toBe('registered');
		expect(world.session.phase).toBe('unlocked');
		expect(world.session.prepared).toBe(false);
		expect(world.memory.remembered).toBe('Ada@example.org');
	});
});

describe('a worker that ends by itself', () => {
	test('locks an open account, with the reason', async () => {
		const world = new World();
		await world.unlock();
		world.host.onLost({ code: 'worker-lost' });
		expect(world.session.phase).toBe('locked');
		expect(world.session.view).toBeUndefined();
		expect(world.session.lockReason).toBe('lost');
		expect(world.session.fault).toEqual({ code: 'worker-lost' });
	});

	test('fails an unlock under way', async () => {
		const world = new World();
		world.holding = true;
		const unlocking = world.session.unlock('ada@example.org', 'right');
		world.host.fault = { code: 'worker-lost' };
		world.host.onLost({ code: 'worker-lost' });
		await world.host.release();
		expect(await unlocking).toBe('failed');
		expect(world.session.fault).toEqual({ code: 'worker-lost' });
	});

	test('is no news while nothing is open', () => {
		const world = new World();
		world.session.warm();
		world.host.onLost({ code: 'worker-lost' });
		expect(world.session.fault).toBeUndefined();
	});

	test('is news where the program itself did not load', () => {
		const world = new World();
		world.session.warm();
		world.host.onLost({ code: 'program' });
		expect(world.session.fault).toEqual({ code: 'program' });
	});

	test('is replaced at the next unlock', async () => {
		const world = new World();
		await world.unlock();
		world.host.onLost({ code: 'worker-lost' });
		await world.unlock();
		expect(world.session.phase).toBe('unlocked');
	});

	test('of long ago changes nothing', async () => {
		const world = new World();
		await world.unlock();
		const old = world.host;
		world.session.lock();
		await world.unlock();
		old.onLost({ code: 'worker-lost' });
		expect(world.session.phase).toBe('unlocked');
	});
});

describe('call', () => {
	test('locks when the server has ended the session', async () => {
		const world = new World();
		await world.unlock();
		world.fail('auth');
		await expect(world.session.look('refresh')).rejects.toMatchObject({ fault: { code: 'auth' } });
		expect(world.session.phase).toBe('locked');
		expect(world.session.lockReason).toBe('expired');
	});

	test.each(['integrity', 'rollback', 'fork', 'format', 'unsupported'] as const)(
		'marks the account as broken after %s, and leaves open what was verified',
		async (code) => {
			const world = new World();
			await world.unlock();
			world.fail(code);
			await expect(world.session.look('refresh')).rejects.toMatchObject({ fault: { code } });
			expect(world.session.broken).toBe(true);
			expect(world.session.view).toBeDefined();
		}
	);

	test('does not mark it after a lost connection', async () => {
		const world = new World();
		await world.unlock();
		world.fail('offline');
		await expect(world.session.look('refresh')).rejects.toMatchObject({
			fault: { code: 'offline' }
		});
		expect(world.session.broken).toBe(false);
	});

	test('refuses while locked', async () => {
		const world = new World();
		await expect(world.session.call((host) => host.view())).rejects.toMatchObject({
			fault: { code: 'locked' }
		});
	});
});

describe('other tabs', () => {
	test('are told when something was saved, and not when it was only fetched', async () => {
		const world = new World();
		await world.unlock();
		await world.session.look('refresh');
		expect(world.told).toBe(0);
		await world.session.look();
		expect(world.told).toBe(1);
	});

	test('make this one fetch what they have written, and tell nobody', async () => {
		const world = new World();
		await world.unlock();
		world.host.rows = [rowOf('new')];
		await world.session.follow();
		expect(world.session.view?.vaults[0]?.keys).toHaveLength(1);
		expect(world.told).toBe(0);
	});

	test('do not disturb a locked one', async () => {
		const world = new World();
		await world.session.follow();
		expect(world.hosts).toHaveLength(0);
	});

	test('are not followed while what the server sent does not verify', async () => {
		const world = new World();
		await world.unlock();
		world.fail('rollback');
		await world.session.follow();
		expect(world.session.broken).toBe(true);
		const asked = world.host.asked.length;
		await world.session.follow();
		expect(world.host.asked).toHaveLength(asked);
	});

	test('do not make a connection that fails a fault of this one', async () => {
		const world = new World();
		await world.unlock();
		world.fail('offline');
		await world.session.follow();
		expect(world.session.fault).toBeUndefined();
		expect(world.session.phase).toBe('unlocked');
	});
});

describe('forgetAccount', () => {
	test('asks the worker, and takes the fault away that called for it', async () => {
		const world = new World();
		world.session.warm();
		world.fail('rollback');
		await world.session.unlock('ada@example.org', 'right');
		world.host.fault = undefined;
		await world.session.forgetAccount('ada@example.org');
		expect(world.host.asked).toContain('forgetAccount ada@example.org');
		expect(world.session.fault).toBeUndefined();
	});
});
