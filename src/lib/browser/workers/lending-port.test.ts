import { describe, expect, test } from 'vitest';
import { FakeClock } from '../../../../tests/browser/fake-clock.ts';
import type { ToLender } from '#lib/browser/workers/lender-messages.ts';
import { LendingPort } from '#lib/browser/workers/lending-port.ts';
import type { Lent } from '#lib/keyholder/lent.ts';
import { encloseKeys } from '#lib/protocol/account-keys.ts';

const bytes = new Uint8Array(32);
const keys = await encloseKeys({ manifest: bytes, vaultWrap: bytes, settings: bytes });
const ID = 'AAAAAAAAAAAAAAAAAAAAAA';
const lent: Lent = {
	account: ID,
	generation: 1,
	slot: { id: ID, kind: 1 },
	keys,
	autoLock: {}
};

const clock = new FakeClock();

/** The end of a port, and what was said over it. */
class FakePort {
	readonly said: ToLender['kind'][] = [];
	answer: (answer: unknown) => void = () => undefined;

	postMessage({ kind }: ToLender): void {
		this.said.push(kind);
	}
	addEventListener(_type: 'message', listener: (event: { data: unknown }) => void): void {
		this.answer = (data) => {
			listener({ data });
		};
	}
	start(): void {
		this.said.splice(0, 0);
	}
}

describe('lend', () => {
	test('says what was made', async () => {
		const port = new FakePort();
		await new LendingPort(port, clock).lend(() => Promise.resolve(lent));
		expect(port.said).toEqual(['lend']);
	});

	test('says nothing where there is nothing to lend', async () => {
		const port = new FakePort();
		await new LendingPort(port, clock).lend(() => Promise.resolve(undefined));
		expect(port.said).toEqual([]);
	});

	test('makes nothing where tabs share no worker', async () => {
		let made = 0;
		await new LendingPort(undefined, clock).lend(() => {
			made++;
			return Promise.resolve(lent);
		});
		expect(made).toBe(0);
	});

	test.each(['withdraw', 'rest'] as const)(
		'says nothing of an account that was locked meanwhile, by %s',
		async (how) => {
			const port = new FakePort();
			const lending = new LendingPort(port, clock);
			let make: (value: Lent) => void = () => undefined;
			const under = lending.lend(() => new Promise<Lent>((resolve) => (make = resolve)));
			lending[how]();
			make(lent);
			await under;
			expect(port.said).toEqual([]);
		}
	);
});

describe('withdraw', () => {
	test('takes back what was lent, once', async () => {
		const port = new FakePort();
		const lending = new LendingPort(port, clock);
		await lending.lend(() => Promise.resolve(lent));
		lending.withdraw();
		lending.withdraw();
		expect(port.said).toEqual(['lend', 'withdraw']);
	});

	test('says nothing where this tab has lent nothing', () => {
		const port = new FakePort();
		new LendingPort(port, clock).withdraw();
		expect(port.said).toEqual([]);
	});

	test('takes back what this tab was lent and found to be good no more', async () => {
		const port = new FakePort();
		const lending = new LendingPort(port, clock);
		const asked = lending.ask();
		port.answer({ lent });
		expect(await asked).toEqual(lent);
		lending.withdraw();
		expect(port.said).toEqual(['ask', 'withdraw']);
	});

	test('is not said for a tab that rests: that one has no part in it any more', async () => {
		const port = new FakePort();
		const lending = new LendingPort(port, clock);
		await lending.lend(() => Promise.resolve(lent));
		lending.rest();
		lending.withdraw();
		expect(port.said).toEqual(['lend', 'rest']);
	});
});

describe('ask', () => {
	test('is answered with nothing where nothing is lent', async () => {
		const port = new FakePort();
		const asked = new LendingPort(port, clock).ask();
		port.answer({ lent: undefined });
		expect(await asked).toBeUndefined();
	});

	test('is answered with nothing if the lender never answers', async () => {
		const port = new FakePort();
		const lending = new LendingPort(port, clock);
		const asked = lending.ask();
		clock.pass(4_000);
		expect(await asked).toBeUndefined();
		port.answer({ lent });
		lending.withdraw();
		expect(port.said).toEqual(['ask']);
	});

	test('is answered with nothing once it was locked meanwhile, whatever the lender says', async () => {
		const port = new FakePort();
		const lending = new LendingPort(port, clock);
		const asked = lending.ask();
		lending.withdraw();
		port.answer({ lent });
		expect(await asked).toBeUndefined();
		lending.withdraw();
		expect(port.said).toEqual(['ask']);
	});

	test.each([undefined, 'lent', { lent: 'all' }, { lent: { ...lent, more: 1 } }])(
		'takes nothing of another form: %#',
		async (answer) => {
			const port = new FakePort();
			const asked = new LendingPort(port, clock).ask();
			port.answer(answer);
			expect(await asked).toBeUndefined();
		}
	);

	test('is answered at once where tabs share no worker', async () => {
		expect(await new LendingPort(undefined, clock).ask()).toBeUndefined();
	});
});
