import { describe, expect, test } from 'vitest';
import { FakeClock, settled } from '../../../../tests/browser/fakes.ts';
import { Lender, type ToLender } from '#lib/browser/workers/lender.ts';
import type { AutoLockSettings } from '#lib/items/key.ts';
import type { Lent } from '#lib/keyholder/lending.ts';
import { encloseKeys } from '#lib/protocol/account-keys.ts';

const MINUTE = 60_000;

const bytes = new Uint8Array(32);
const keys = await encloseKeys({ manifest: bytes, vaultWrap: bytes, settings: bytes });

function lentOf(autoLock: AutoLockSettings = {}, account = 'account'): Lent {
	return {
		account,
		generation: 1,
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

	open(tab: string): void {
		this.lender.join(tab);
	}

	async close(tab: string): Promise<void> {
		this.#close.get(tab)?.();
		await settled();
	}

	say(tab: string, said: ToLender): void {
		this.lender.hear(tab, said, () => {
			throw new Error('nothing was asked');
		});
	}

	lend(tab: string, lent = lentOf()): void {
		this.say(tab, { kind: 'lend', lent });
	}

	ask(tab: string): Lent | undefined {
		const answers: (Lent | undefined)[] = [];
		this.lender.hear(tab, { kind: 'ask' }, ({ lent }) => answers.push(lent));
		expect(answers).toHaveLength(1);
		return answers[0];
	}
}

/** A browser with one tab, in which an account is open. */
function unlocked(autoLock?: AutoLockSettings): Browser {
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
		expect(browser.ask('one')).toBeUndefined();
		expect(browser.shown).toBe(false);
		expect(browser.clock.timers).toBe(0);
	});

	test('is forgotten when any tab says that it has locked', () => {
		const browser = unlocked();
		browser.lender.forget();
		expect(browser.ask('one')).toBeUndefined();
	});

	test('is nothing before something is lent', () => {
		const browser = new Browser();
		browser.open('one');
		expect(browser.ask('one')).toBeUndefined();
		expect(browser.shown).toBe(false);
	});
});

describe('a tab that nobody saw come', () => {
	test('is given nothing', () => {
		expect(unlocked().ask('stranger')).toBeUndefined();
	});

	test('has nothing kept for it', () => {
		const browser = new Browser();
		browser.lend('stranger');
		browser.open('one');
		expect(browser.ask('one')).toBeUndefined();
		expect(browser.shown).toBe(false);
	});

	test('or that is gone already has nothing kept for it', async () => {
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
		browser.clock.pass(10_000);
		expect(browser.ask('two')).toEqual(lentOf());
	});

	test('it counts those that are there still', async () => {
		const browser = unlocked();
		browser.open('two');
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
		lender.join('one');
		await settled();
		lender.hear('one', { kind: 'lend', lent: lentOf() }, () => undefined);
		const answers: unknown[] = [];
		lender.hear('one', { kind: 'ask' }, (answer) => answers.push(answer));
		expect(answers).toEqual([{ lent: undefined }]);
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
		expect(browser.ask('one')).toBeUndefined();
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
		expect(browser.ask('one')).toBeUndefined();
	});

	test('it is not kept for longer by a clock that was set back', () => {
		const browser = unlocked();
		browser.clock.jump(-60 * MINUTE);
		browser.clock.pass(16 * MINUTE);
		expect(browser.shown).toBe(false);
	});
});
