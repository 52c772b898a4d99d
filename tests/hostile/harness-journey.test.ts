/** The world of the attacks, without an attack: it must be a place where a keyholder is at home. */
import { describe, expect, test } from 'vitest';
import { EMAIL, nameOf, PASSWORD, valueOf, World } from './harness.ts';

describe('an honest server', () => {
	test('lets a person register, save, read, lock, and unlock on two devices', async () => {
		const world = new World();
		const first = await world.account([nameOf('a'), nameOf('b')]);
		expect(first.names).toEqual([nameOf('a'), nameOf('b')]);
		expect(await first.valueOf(nameOf('a'))).toBe(valueOf(nameOf('a')));
		first.keyholder.lock();
		await first.unlock();
		const second = world.device();
		await second.unlock();
		await second.rewrite(nameOf('b'), 'new');
		await second.drop(nameOf('a'));
		await first.keyholder.refresh();
		expect(first.names).toEqual([nameOf('b')]);
		expect(await first.valueOf(nameOf('b'))).toBe(valueOf('new'));
		await world.expectSilent(first);
		await world.expectSilent(second);
	});

	test('lets a person export, with the password once more', async () => {
		const device = await new World().account([nameOf('a')]);
		expect(await device.keyholder.proveExport('another password')).toEqual({
			outcome: 'wrong-password'
		});
		expect(await device.keyholder.proveExport(PASSWORD)).toEqual({ outcome: 'proved' });
		const [vault] = await device.keyholder.readAll();
		expect(vault?.keys.map(({ secret }) => secret.fields[0]?.value)).toEqual([
			valueOf(nameOf('a'))
		]);
	});

	test('answers a wrong password and an unknown email alike', async () => {
		const world = new World();
		await world.account();
		const device = world.device();
		const wrong = { outcome: 'wrong-password' };
		expect(await device.keyholder.unlock(EMAIL, 'not the password')).toEqual(wrong);
		expect(await device.keyholder.unlock('eve@example.org', PASSWORD)).toEqual(wrong);
	});
});
