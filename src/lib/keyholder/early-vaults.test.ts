import { describe, expect, test, vi } from 'vitest';
import type { VaultHead } from '#lib/api/vaults.ts';
import type { z } from '#lib/api/zod.ts';
import {
	cheapRoot,
	EMAIL,
	errorOf,
	PASSWORD,
	World,
	type Device
} from '../../../tests/hostile/harness.ts';
import { refusal } from '../../../tests/refusals.ts';

const isVault = ({ path }: { readonly path: string }) => path.includes('/vaults/');

/** A device whose account is locked, in a session that goes on; `deriving` is done before each root. */
async function locked(deriving: (device: Device) => Promise<void> = () => Promise.resolve()) {
	const world = new World();
	const writer = await world.account(['a']);
	let again = false;
	const device: Device = world.device(undefined, {
		derive: async (password, salt, profile) => {
			const root = cheapRoot(password, salt, profile);
			if (again) await deriving(device);
			return root;
		}
	});
	await device.unlock();
	device.keyholder.lock();
	device.wire.exchanges.length = 0;
	again = true;
	return { world, writer, device };
}

const withOtherSheets = (head: z.input<typeof VaultHead>) => ({
	...head,
	sheets: head.sheets.map((sheet) => ({
		...sheet,
		blob: sheet.blob.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))
	}))
});

const arrived = async ({ wire }: Device) => {
	await vi.waitFor(() => {
		expect(wire.exchanges.filter(isVault)).toHaveLength(1);
	});
};

describe('the vaults of an account in a session', () => {
	test('come while the password is derived from, and once', async () => {
		const { device } = await locked(arrived);
		await device.unlock();
		expect(device.names).toEqual(['a']);
		expect(device.wire.exchanges.filter(isVault)).toHaveLength(1);
	});

	test('are asked for in their turn where they did not come', async () => {
		const { device } = await locked(arrived);
		device.wire.tamper = (_, request) =>
			isVault(request) && device.wire.forgeries === 0 ? 'nothing' : undefined;
		await device.unlock();
		expect(device.names).toEqual(['a']);
		expect(device.wire.exchanges.filter(isVault)).toHaveLength(2);
	});

	test('are not opened with a wrong password', async () => {
		const { device } = await locked(arrived);
		const { outcome } = await device.keyholder.unlock(EMAIL, `${PASSWORD}!`);
		expect(outcome).toBe('wrong-password');
		expect(() => device.keyholder.view()).toThrow('locked');
	});

	test('are refused where they are older than what this device has seen', async () => {
		const { writer, device } = await locked();
		await device.unlock();
		const text = device.wire.exchanges.find(isVault)?.answer ?? '';
		await writer.add('b');
		await device.unlock();
		device.wire.tamper = (_, request) => (isVault(request) ? { text } : undefined);
		const error = await errorOf(() => device.keyholder.unlock(EMAIL, PASSWORD));
		expect(error).toMatchObject(refusal('rollback'));
	});

	test('are refused where a sheet is another than listed', async () => {
		const { device } = await locked(arrived);
		device.wire.tamper = ({ json }, request) =>
			isVault(request) ? { json: withOtherSheets(json as z.input<typeof VaultHead>) } : undefined;
		const error = await errorOf(() => device.keyholder.unlock(EMAIL, PASSWORD));
		expect(error).toMatchObject({ code: 'integrity', message: 'another sheet than listed' });
	});

	test('are asked for anew beside a later challenge, for a code', async () => {
		const { world, device } = await locked(arrived);
		const { factor } = world.stored();
		factor.on = true;
		factor.codes.add('123456');
		expect((await device.keyholder.unlock(EMAIL, PASSWORD)).outcome).toBe('second-factor');
		expect((await device.keyholder.unlockWithCode('123456')).outcome).toBe('unlocked');
		expect(device.wire.exchanges.filter(isVault)).toHaveLength(2);
	});
});

test('without a session no vault is asked for before the proof', async () => {
	const { world, device } = await locked();
	world.server.endSessions();
	await device.unlock();
	const paths = device.wire.exchanges.map(({ path }) => path);
	expect(paths.findIndex((path) => path.includes('/vaults/'))).toBeGreaterThan(
		paths.findIndex((path) => path.endsWith('/auth/verify'))
	);
});
