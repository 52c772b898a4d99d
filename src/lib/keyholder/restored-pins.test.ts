import { describe, expect, test } from 'vitest';
import { NewDevicePins } from '#lib/keyholder/restored-pins.ts';
import { MemoryPins } from '../../../tests/hostile/memory-pins.ts';
import { refusal } from '../../../tests/refusals.ts';

const ID = 'AAECAwQFBgcICQoLDA0ODw';
const HASH = 'the hash of an email';

function pinAt(seq: number) {
	return { generation: 1, seq, head: new Uint8Array(32).fill(seq), vaults: {} };
}

function changeTo(seq: number, descends = true) {
	return { account: { id: ID, pin: pinAt(seq), descendsFrom: () => descends } };
}

/** The pins of a device that has seen seq 9. */
async function known() {
	const own = new MemoryPins();
	own.accounts.set(ID, pinAt(9));
	await own.save({ email: { hash: HASH, pin: { account: ID, profile: 1 } } });
	return { own, pins: new NewDevicePins(own), before: own.snapshot() };
}

describe('the memory of a new device', () => {
	test('knows the device and its emails, and nothing of an account', async () => {
		const { own, pins } = await known();
		expect(await pins.deviceId()).toBe(await own.deviceId());
		expect(await pins.email(HASH)).toEqual({ account: ID, profile: 1 });
		expect(await pins.account(ID)).toBeUndefined();
	});

	test('keeps what is seen with it to itself', async () => {
		const { own, pins, before } = await known();
		await pins.save(changeTo(3));
		expect(await pins.account(ID)).toEqual(pinAt(3));
		expect(own.snapshot()).toBe(before);
	});

	test('compares what it sees with what it has seen', async () => {
		const { pins } = await known();
		await pins.save(changeTo(3));
		await expect(pins.save(changeTo(4, false))).rejects.toMatchObject(refusal('fork'));
		expect(await pins.account(ID)).toEqual(pinAt(3));
		await pins.save(changeTo(4));
		expect(await pins.account(ID)).toEqual(pinAt(4));
	});

	test('holds an email to the account that it means on this device', async () => {
		const { own, pins, before } = await known();
		const email = { hash: HASH, pin: { account: 'EBESExQVFhcYGRobHB0eHw', profile: 1 } };
		await expect(pins.save({ email })).rejects.toMatchObject(refusal('rollback'));
		await pins.save({ email: { hash: HASH, pin: { account: ID, profile: 2 } } });
		expect(own.snapshot()).toBe(before);
		expect(await pins.account(ID)).toBeUndefined();
	});

	test('forgets nothing', async () => {
		const { own, pins, before } = await known();
		await expect(pins.forget()).resolves.toBeUndefined();
		expect(own.snapshot()).toBe(before);
	});
});
