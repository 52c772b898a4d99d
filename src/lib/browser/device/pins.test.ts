import { describe, expect, test } from 'vitest';
import { IndexedPins } from '#lib/browser/device/pins.ts';
import type { Transact } from '#lib/browser/device/transaction.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { AccountPin } from '#lib/keyholder/pins.ts';

/** Two tabs share one store; a transaction is one turn. */
function memoryStore() {
	const stored = new Map<string, unknown>();
	const transact: Transact = async (names, change) => {
		await Promise.resolve();
		const values = Object.fromEntries(names.map((name) => [name, stored.get(name)]));
		for (const [name, value] of Object.entries(change(values as never))) {
			if (value === undefined) stored.delete(name);
			else stored.set(name, value);
		}
		return values as never;
	};
	return { stored, transact };
}

/** Whatever is stored was passed on the way. */
const descendsFrom = () => true;

function pinAt(seq: number, head = seq): AccountPin {
	return { generation: 1, seq, head: new Uint8Array(32).fill(head), vaults: {} };
}

describe('IndexedPins', () => {
	test('makes one id for the device', async () => {
		const { transact } = memoryStore();
		const first = await new IndexedPins(transact).deviceId();
		expect(first).toMatch(/^[\w-]{22}$/);
		expect(await new IndexedPins(transact).deviceId()).toBe(first);
	});

	test('gives back what was saved', async () => {
		const pins = new IndexedPins(memoryStore().transact);
		await pins.save({
			email: { hash: 'h', pin: { account: 'a', profile: 1 } },
			account: { id: 'a', pin: pinAt(3), descendsFrom }
		});
		expect(await pins.email('h')).toEqual({ account: 'a', profile: 1 });
		expect(await pins.account('a')).toEqual(pinAt(3));
		expect(await pins.account('b')).toBeUndefined();
	});

	test('never lowers what another tab has raised', async () => {
		const { transact } = memoryStore();
		const [one, other] = [new IndexedPins(transact), new IndexedPins(transact)];
		await one.save({ account: { id: 'a', pin: pinAt(9), descendsFrom } });
		await other.save({ account: { id: 'a', pin: pinAt(4), descendsFrom } });
		expect(await one.account('a')).toEqual(pinAt(9));
	});

	test('does not lower it for a new registration either', async () => {
		const pins = new IndexedPins(memoryStore().transact);
		await pins.save({ account: { id: 'a', pin: pinAt(9), descendsFrom } });
		await pins.save({ account: { id: 'a', pin: pinAt(1), descendsFrom }, replace: true });
		expect(await pins.account('a')).toEqual(pinAt(9));
	});

	test('of an email that another tab has seen with another account stores nothing', async () => {
		const pins = new IndexedPins(memoryStore().transact);
		await pins.save({ email: { hash: 'h', pin: { account: 'a', profile: 2 } } });
		const change = {
			email: { hash: 'h', pin: { account: 'b', profile: 2 } },
			account: { id: 'b', pin: pinAt(3), descendsFrom }
		};
		await expect(pins.save(change)).rejects.toMatchObject({ code: 'rollback' });
		expect(await pins.account('b')).toBeUndefined();
		await pins.save({ ...change, replace: true });
		expect(await pins.email('h')).toEqual({ account: 'b', profile: 2 });
	});

	test('of two histories stores nothing, the email’s pin included', async () => {
		const pins = new IndexedPins(memoryStore().transact);
		await pins.save({ account: { id: 'a', pin: pinAt(3, 1), descendsFrom } });
		const change = {
			email: { hash: 'h', pin: { account: 'a', profile: 1 } },
			account: { id: 'a', pin: pinAt(3, 2), descendsFrom }
		};
		await expect(pins.save(change)).rejects.toThrow(KeyholderError);
		expect(await pins.email('h')).toBeUndefined();
	});

	test('forgets which account an email means, and keeps the account’s pin', async () => {
		const pins = new IndexedPins(memoryStore().transact);
		await pins.save({
			email: { hash: 'h', pin: { account: 'a', profile: 1 } },
			account: { id: 'a', pin: pinAt(3), descendsFrom }
		});
		await pins.forget('h');
		expect(await pins.email('h')).toBeUndefined();
		expect(await pins.account('a')).toEqual(pinAt(3));
	});

	test('forgets an account that was deleted, and no other', async () => {
		const pins = new IndexedPins(memoryStore().transact);
		for (const id of ['a', 'b']) {
			await pins.save({ account: { id, pin: pinAt(3), descendsFrom } });
		}
		await pins.forget('h', 'a');
		expect(await pins.account('a')).toBeUndefined();
		expect(await pins.account('b')).toEqual(pinAt(3));
	});
});
