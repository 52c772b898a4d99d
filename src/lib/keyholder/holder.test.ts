import { afterEach, describe, expect, test, vi } from 'vitest';
import { ActionProof } from '#lib/keyholder/action-proof.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import { Holder, run } from '#lib/keyholder/holder.ts';
import { Life } from '#lib/keyholder/life.ts';
import { ProtocolError } from '#lib/protocol/errors.ts';
import { errorOf, NOW } from '../../../tests/hostile/harness.ts';
import { accountOf, bytes, SLOT } from '../../../tests/hostile/open-accounts.ts';
import { scriptedLink } from '../../../tests/hostile/scripted-link.ts';
import { refusal } from '../../../tests/refusals.ts';

const slot = { id: SLOT.password, kind: 1, profile: 1 } as const;
const signing = { publicKey: bytes(), sign: () => Promise.resolve(bytes()) };

function holding(change = {}) {
	const holder = new Holder(scriptedLink([]).link.ports);
	const open = { ...accountOf(), ...change };
	const link = holder.begin();
	return { holder, open, link, held: holder.hold(link, open) };
}

function proof(): ActionProof {
	return new ActionProof(slot, signing, NOW);
}

afterEach(() => {
	vi.useRealTimers();
});

describe('whoever holds an account', () => {
	test('has it until the next lock, which overwrites its keys', () => {
		const { holder, open, held } = holding();
		expect(holder.need()).toBe(held);
		expect(held.holding.open).toBe(open);
		holder.lock();
		expect(() => holder.need()).toThrow(expect.objectContaining(refusal('locked')) as Error);
		expect(open.state.keys.manifest).toEqual(bytes(0));
	});

	test('is told of each lock, also of one of nothing', () => {
		const holder = new Holder(scriptedLink([]).link.ports);
		const told: string[] = [];
		holder.onLock(() => told.push('one'));
		holder.onLock(() => told.push('other'));
		holder.lock();
		expect(told).toEqual(['one', 'other']);
		holder.lock();
		expect(told).toHaveLength(4);
	});

	test('loses it where something else begins', () => {
		const { holder, open, link } = holding();
		const next = holder.begin();
		expect(() => {
			link.life.check();
		}).toThrow('locked');
		next.life.check();
		expect(open.state.keys.manifest).toEqual(bytes(0));
	});

	test('is not given what was opened before a lock: it is overwritten', () => {
		const holder = new Holder(scriptedLink([]).link.ports);
		const link = holder.begin();
		holder.lock();
		const open = accountOf();
		expect(() => holder.hold(link, open)).toThrow('locked');
		expect(open.state.keys.manifest).toEqual(bytes(0));
		expect(() => holder.need()).toThrow('locked');
	});

	test('has another link of the same life', () => {
		const { holder, link } = holding();
		expect(holder.link().life).toBe(link.life);
		expect(holder.link()).not.toBe(link);
	});
});

describe('what proves', () => {
	test('ends with a lock', () => {
		const { holder, held } = holding();
		const proved = proof();
		holder.prove(held, proved);
		expect(held.proof).toBe(proved);
		expect(proved.isGood(NOW)).toBe(true);
		holder.lock();
		expect(proved.isGood(NOW)).toBe(false);
	});

	test('ends where another one takes its place', () => {
		const { holder, held } = holding();
		const [first, second] = [proof(), proof()];
		holder.prove(held, first);
		holder.prove(held, second);
		expect(first.isGood(NOW)).toBe(false);
		expect(held.proof).toBe(second);
		second.end();
	});

	test('that comes after a lock is good for nothing, and nor is the one before', () => {
		const { holder, held } = holding();
		const [first, late] = [proof(), proof()];
		held.proof = first;
		holder.lock();
		holder.prove(held, late);
		expect(late.isGood(NOW)).toBe(false);
		expect(first.isGood(NOW)).toBe(false);
		expect(held.proof).toBe(first);
	});
});

describe('what is done with an account', () => {
	test('reads it, whatever has to come first', async () => {
		const { holder, held } = holding({ mustRotate: true });
		expect(await holder.read((given) => Promise.resolve(given))).toBe(held);
	});

	test('writes it, unless its keys are to be replaced first', async () => {
		expect(await holding().holder.write(() => Promise.resolve('written'))).toBe('written');
		const { holder } = holding({ mustRotate: true });
		const done: string[] = [];
		const write = () =>
			holder.write(() => {
				done.push('written');
				return Promise.resolve();
			});
		expect(await errorOf(write)).toMatchObject(refusal('rotate-first'));
		expect(done).toEqual([]);
	});

	test('is nothing while none is held', async () => {
		const holder = new Holder(scriptedLink([]).link.ports);
		const read = () => holder.read(() => Promise.resolve());
		expect(await errorOf(read)).toMatchObject(refusal('locked'));
	});
});

describe('what is run', () => {
	test('ends all speaking with a server that is found out', async () => {
		const life = new Life();
		const fault = () => Promise.reject(new ProtocolError('integrity', 'not genuine'));
		expect(await errorOf(() => run(life, fault))).toBeInstanceOf(KeyholderError);
		expect(() => {
			life.check();
		}).toThrow('not genuine');
	});

	test.each([
		['a connection that was lost', new KeyholderError('offline', 'no answer')],
		['a mistake of our own', new TypeError('undefined is not a function')]
	])('goes on after %s', async (_, fault) => {
		const life = new Life();
		expect(await errorOf(() => run(life, () => Promise.reject(fault)))).toBe(fault);
		life.check();
	});
});
