import { describe, expect, test } from 'vitest';
import { FakeClock } from '../../../../tests/browser/fake-clock.ts';
import { settled } from '../../../../tests/browser/settled.ts';
import { Lender, type Visitor } from '#lib/browser/workers/lender.ts';
import type { ToLender } from '#lib/browser/workers/lender-messages.ts';
import type { Lent } from '#lib/keyholder/lent.ts';
import { encloseKeys } from '#lib/protocol/account-keys.ts';

const MINUTE = 60_000;

const bytes = new Uint8Array(32);
const keys = await encloseKeys({ manifest: bytes, vaultWrap: bytes, settings: bytes });

function lentOf(autoLock: Lent['autoLock'] = {}, account = 'account', generation = 1): Lent {
	return {
		account,
		generation,
		slot: { id: 'slot', kind: 1 },
		typed: undefined,
		keys,
		autoLock
	};
}

/** The lender among tabs that a test opens and closes. */
class Browser {
	readonly clock = new FakeClock();
	/** Whether other tabs can see that something is lent. */
	shown = false;
	readonly #close = new Map<string, () => void>();
	readonly lender = new Lender({
		clock: this.clock,
		gone: (tab) => new Promise<void>((resolve) => this.#close.set(tab, resolve)),
		show: () => {
			this.shown = true;
			return () => {
				this.shown = false;
			};
		}
	});

	readonly #workers = new Map<string, Visitor>();

	/** A tab is there, or starts another worker. */
	open(tab: string): void {
		this.#workers.set(tab, this.lender.visit(tab));
	}

	/** The page ends the worker of its tab. */
	end(tab: string, keep: boolean): void {
		this.#worker(tab).leave(keep);
	}

	async close(tab: string): Promise<void> {
		this.#close.get(tab)?.();
		await settled();
	}

	say(tab: string, said: ToLender): void {
		this.#worker(tab).hear(said, () => {
			throw new Error('nothing was asked');
		});
	}

	lend(tab: string, lent = lentOf()): void {
		this.say(tab, { kind: 'lend', lent });
	}

	ask(tab: string): Lent | undefined {
		const answers: (Lent | undefined)[] = [];
		this.#worker(tab).hear({ kind: 'ask' }, ({ lent }) => answers.push(lent));
		expect(answers).toHaveLength(1);
		return answers[0];
	}

	/** What a tab gets that comes now. */
	askAnew(): Lent | undefined {
		this.open('newcomer');
		return this.ask('newcomer');
	}

	#worker(tab: string): Visitor {
		const worker = this.#workers.get(tab);
		if (worker === undefined) throw new Error('no such tab');
		return worker;
	}
}

/** A browser with one tab, in which an account is open. */
function unlocked(autoLock?: Lent['autoLock']): Browser {
	const browser = new Browser();
	browser.open('one');
	browser.lend('one', lentOf(autoLock));
	return browser;
}

describe('what a tab has lent', () => {
	test('the next tab gets', () => {
		const browser = unlocked();
		browser.open('two');
		expect(browser.ask('two')).toEqual(lentOf());
		expect(browser.shown).toBe(true);
	});

	test('is replaced by what it lends next, of another account too', () => {
		const browser = unlocked();
		browser.lend('one', lentOf({}, 'another'));
		expect(browser.ask('one')?.account).toBe('another');
	});

	test('is forgotten once it is taken back, and shown no more', () => {
		const browser = unlocked();
		browser.say('one', { kind: 'withdraw' });
		browser.open('two');
		expect(browser.ask('two')).toBeUndefined();
		expect(browser.shown).toBe(false);
		expect(browser.clock.timers).toBe(0);
	});

	test('is forgotten when any tab says that it has locked', () => {
		const browser = unlocked();
		browser.lender.forget();
		expect(browser.askAnew()).toBeUndefined();
	});

	test('is nothing before something is lent', () => {
		const browser = new Browser();
		browser.open('one');
		expect(browser.ask('one')).toBeUndefined();
		expect(browser.shown).toBe(false);
	});
});

describe('a tab that nobody sees', () => {
	test('because it is gone already has nothing kept for it', async () => {
		const browser = unlocked();
		await browser.close('one');
		browser.clock.pass(MINUTE);
		browser.lend('one');
		expect(browser.shown).toBe(false);
	});
});

describe('after the last tab closed', () => {
	test('it is forgotten a few seconds later', async () => {
		const browser = unlocked();
		await browser.close('one');
		expect(browser.shown).toBe(true);
		browser.clock.pass(4_000);
		expect(browser.shown).toBe(false);
		browser.open('two');
		expect(browser.ask('two')).toBeUndefined();
	});

	test('it is there for a page that is loaded again', async () => {
		const browser = unlocked();
		await browser.close('one');
		browser.clock.pass(3_000);
		browser.open('two');
		expect(browser.ask('two')).toEqual(lentOf());
		browser.clock.pass(10_000);
		expect(browser.ask('two')).toEqual(lentOf());
	});

	test('it is there for one that is loaded twice: the seconds are counted from the second time', async () => {
		const browser = unlocked();
		await browser.close('one');
		browser.clock.pass(1_000);
		browser.open('two');
		browser.ask('two');
		await browser.close('two');
		browser.clock.pass(3_500);
		expect(browser.shown).toBe(true);
		browser.clock.pass(500);
		expect(browser.shown).toBe(false);
	});

	test('a page that is there again has its time to ask, and no more', async () => {
		const browser = unlocked();
		await browser.close('one');
		browser.clock.pass(3_000);
		browser.open('two');
		browser.clock.pass(3_000);
		expect(browser.shown).toBe(true);
		browser.open('two');
		browser.clock.pass(1_000);
		expect(browser.shown).toBe(false);
	});

	test('a tab that stands at the door keeps nothing', async () => {
		const browser = new Browser();
		browser.open('door');
		expect(browser.ask('door')).toBeUndefined();
		browser.open('one');
		browser.lend('one');
		await browser.close('one');
		browser.clock.pass(4_000);
		expect(browser.shown).toBe(false);
		expect(browser.ask('door')).toBeUndefined();
	});

	test('a tab that has locked alone keeps nothing', () => {
		const browser = unlocked();
		browser.say('one', { kind: 'rest' });
		browser.clock.pass(3_000);
		expect(browser.shown).toBe(true);
		browser.clock.pass(1_000);
		expect(browser.shown).toBe(false);
	});

	test('it counts those that are open still', async () => {
		const browser = unlocked();
		browser.open('two');
		browser.ask('two');
		await browser.close('one');
		browser.clock.pass(MINUTE);
		expect(browser.ask('two')).toEqual(lentOf());
		await browser.close('two');
		browser.clock.pass(4_000);
		expect(browser.shown).toBe(false);
	});

	test('a tab that cannot be watched counts as gone', async () => {
		const clock = new FakeClock();
		const lender = new Lender({
			clock,
			gone: () => Promise.reject(new Error('no locks')),
			show: () => () => undefined
		});
		const one = lender.visit('one');
		await settled();
		one.hear({ kind: 'lend', lent: lentOf() }, () => undefined);
		const answers: unknown[] = [];
		one.hear({ kind: 'ask' }, (answer) => answers.push(answer));
		expect(answers).toEqual([{ lent: undefined }]);
	});
});

describe('a lock while something is said', () => {
	test('leaves nothing of what is lent a moment later by a tab that has not heard of it', () => {
		const browser = unlocked();
		browser.open('two');
		browser.ask('two');
		browser.lender.forget();
		browser.lend('two');
		browser.open('three');
		expect(browser.ask('three')).toBeUndefined();
		expect(browser.shown).toBe(false);
	});

	test('gives nothing to a tab that has opened before it and asks whether it still may', () => {
		const browser = unlocked();
		browser.open('two');
		expect(browser.ask('two')).toBeDefined();
		browser.say('one', { kind: 'withdraw' });
		browser.open('three');
		browser.lend('three');
		expect(browser.ask('two')).toBeUndefined();
	});

	test('that one tab says late takes back nothing that was lent after', () => {
		const browser = unlocked();
		browser.open('two');
		browser.ask('two');
		browser.lender.forget();
		browser.open('three');
		browser.lend('three');
		browser.say('two', { kind: 'withdraw' });
		expect(browser.ask('three')).toBeDefined();
	});

	test('lets the same worker lend again once it is unlocked again', () => {
		const browser = unlocked();
		browser.lender.forget();
		browser.say('one', { kind: 'withdraw' });
		browser.lend('one');
		expect(browser.shown).toBe(true);
	});

	test('lets another worker of the same tab lend again', () => {
		const browser = unlocked();
		browser.lender.forget();
		browser.open('one');
		browser.lend('one');
		expect(browser.shown).toBe(true);
	});
});

describe('a worker that its page has ended', () => {
	test('has nothing kept of what it lent, though it never said that it locked', () => {
		const browser = unlocked();
		browser.end('one', false);
		expect(browser.shown).toBe(false);
	});

	test('is not heard any more, whatever was still on its way', () => {
		const browser = new Browser();
		browser.open('one');
		browser.end('one', false);
		browser.lend('one');
		expect(browser.shown).toBe(false);
		browser.open('two');
		browser.lend('two');
		expect(browser.ask('one')).toBeUndefined();
	});

	test('alone leaves to other tabs what they have', () => {
		const browser = unlocked();
		browser.open('two');
		browser.ask('two');
		browser.end('one', true);
		browser.clock.pass(MINUTE);
		expect(browser.ask('two')).toBeDefined();
	});

	test('and was only lent to takes nothing back', () => {
		const browser = unlocked();
		browser.open('two');
		browser.ask('two');
		browser.end('two', false);
		browser.clock.pass(MINUTE);
		expect(browser.ask('one')).toBeDefined();
	});

	test('long ago takes back nothing that was lent after', () => {
		const browser = unlocked();
		browser.lender.forget();
		browser.open('two');
		browser.lend('two');
		browser.end('one', false);
		expect(browser.ask('two')).toBeDefined();
	});
});

describe('another account', () => {
	test('takes the place of the first, whose tabs lend and get nothing more', () => {
		const browser = unlocked();
		browser.open('two');
		browser.lend('two', lentOf({}, 'another'));
		browser.lend('one');
		expect(browser.ask('one')).toBeUndefined();
		expect(browser.ask('two')?.account).toBe('another');
	});
});

describe('keys that were replaced', () => {
	test('are not lent again by a tab that has the old ones', () => {
		const browser = unlocked();
		browser.open('two');
		browser.lend('two', lentOf({}, 'account', 2));
		browser.lend('one');
		expect(browser.ask('two')?.generation).toBe(2);
	});
});

describe('by its own clock', () => {
	test('it is forgotten after the idle minutes, however many tabs are there', () => {
		const browser = unlocked();
		browser.clock.pass(15 * MINUTE);
		expect(browser.shown).toBe(false);
	});

	test('it is forgotten after as many as were chosen', () => {
		const browser = unlocked({ idleMinutes: 2 });
		browser.clock.pass(MINUTE);
		expect(browser.shown).toBe(true);
		browser.clock.pass(MINUTE);
		expect(browser.shown).toBe(false);
	});

	test('it is kept while somebody is at one of the tabs', () => {
		const browser = unlocked();
		for (let minute = 0; minute < 60; minute += 10) {
			browser.clock.pass(10 * MINUTE);
			browser.lender.present();
		}
		expect(browser.shown).toBe(true);
	});

	test('it is not kept for longer because something changed: writing is not being there', () => {
		const browser = unlocked();
		browser.clock.pass(10 * MINUTE);
		browser.lend('one');
		browser.clock.pass(5 * MINUTE);
		expect(browser.shown).toBe(false);
	});

	test('it is forgotten after a sleep, before anybody is answered', () => {
		const browser = unlocked();
		browser.clock.jump(10 * MINUTE);
		expect(browser.askAnew()).toBeUndefined();
		expect(browser.shown).toBe(false);
	});

	test('it is forgotten after a sleep although somebody is there again', () => {
		const browser = unlocked();
		browser.clock.jump(10 * MINUTE);
		browser.lender.present();
		expect(browser.shown).toBe(false);
	});

	test('it is kept through a sleep where that was chosen, but for idleness', () => {
		const browser = unlocked({ afterSleep: false });
		browser.clock.jump(10 * MINUTE);
		expect(browser.ask('one')).toBeDefined();
		browser.clock.jump(5 * MINUTE);
		expect(browser.askAnew()).toBeUndefined();
	});

	test('it is not kept for longer by a clock that was set back', () => {
		const browser = unlocked();
		browser.clock.jump(-60 * MINUTE);
		browser.clock.pass(16 * MINUTE);
		expect(browser.shown).toBe(false);
	});
});
