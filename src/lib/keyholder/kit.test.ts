import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
	EMAIL,
	errorOf,
	newKey,
	PASSWORD,
	World,
	type Device
} from '../../../tests/hostile/harness.ts';
import { refusal } from '../../../tests/refusals.ts';

/** An account whose kit is known, and a device that has forgotten everything. */
async function forgotten(): Promise<{ world: World; device: Device; kit: string }> {
	const world = new World();
	const first = world.device();
	const { kit } = await first.keyholder.prepare(EMAIL, PASSWORD);
	await first.keyholder.register();
	await first.add('a');
	first.keyholder.lock();
	return { world, device: world.device(), kit };
}

describe('unlocking with a recovery kit', () => {
	test('opens the account, however the kit was written down', async () => {
		const { device, kit } = await forgotten();
		const written = kit.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o');
		expect(await device.keyholder.unlockWithKit(EMAIL, written, undefined)).toEqual({
			outcome: 'unlocked'
		});
		expect(device.names).toEqual(['a']);
		expect(device.keyholder.view()).toMatchObject({ unlockedBy: 'recovery', email: EMAIL });
		expect(device.derived).toEqual([]);
	});

	test('finds a slip of the pen on the device', async () => {
		const { device, kit } = await forgotten();
		const last = kit.endsWith('0') ? '1' : '0';
		const slipped = `${kit.slice(0, -1)}${last}`;
		for (const typed of [slipped, '', 'KH1-', kit.slice(0, -2)]) {
			const error = await errorOf(() => device.keyholder.unlockWithKit(EMAIL, typed, undefined));
			expect(error).toMatchObject(refusal('kit'));
		}
		expect(device.wire.exchanges).toEqual([]);
	});

	test('is not let in with the kit of an account that is not there', async () => {
		const { kit } = await forgotten();
		const elsewhere = new World().device();
		expect(await elsewhere.keyholder.unlockWithKit(EMAIL, kit, undefined)).toEqual({
			outcome: 'wrong-password'
		});
	});

	test('is not let in with a kit that was replaced, also where the account is known', async () => {
		const { device, kit } = await forgotten();
		const { keyholder } = device;
		await keyholder.unlockWithKit(EMAIL, kit, undefined);
		await keyholder.rotations.plan({ nextPassword: 'eleven copper hinges' });
		await keyholder.rotations.run();
		const before = device.pins.saves;
		expect(await keyholder.unlockWithKit(EMAIL, kit, undefined)).toEqual({
			outcome: 'wrong-password'
		});
		expect(device.pins.saves).toBe(before);
	});

	test('does not go on with the email of somebody else: a password for it would never open', async () => {
		const { device, kit } = await forgotten();
		expect(await device.keyholder.unlockWithKit('eve@example.org', kit, undefined)).toEqual({
			outcome: 'wrong-password'
		});
		expect(device.pins.saves).toBe(0);
		expect(() => device.keyholder.view()).toThrow('locked');
	});

	test('writes nothing, and proves nothing but a rotation', async () => {
		const { device, kit } = await forgotten();
		const { keyholder } = device;
		await keyholder.unlockWithKit(EMAIL, kit, undefined);
		const { settings, vaults } = keyholder.view();
		const vault = vaults[0]?.id ?? '';
		const writes = [
			() => keyholder.save([{ kind: 'add', vault, ...newKey('b') }]),
			() => keyholder.saveSettings({ ...settings, theme: 'dark' }, settings),
			() => keyholder.ways.changePassword(PASSWORD, 'another password'),
			() => keyholder.ways.changeEmail('eve@example.org', PASSWORD),
			() => keyholder.ways.offerPasskey(),
			() => keyholder.affairs.dropAccount(),
			() => keyholder.affairs.turnSecondFactorOff('123456'),
			() => keyholder.affairs.askEmailChange('eve@example.org')
		];
		const sent = device.wire.exchanges.length;
		for (const write of writes) {
			expect(await errorOf(write)).toMatchObject(refusal('rotate-first'));
		}
		expect(device.wire.exchanges).toHaveLength(sent);
	});

	test('needs the mailed link where the server sends mail, and uses it up', async () => {
		const { world, device, kit } = await forgotten();
		const link = new Uint8Array(randomBytes(32));
		world.server.mail = true;
		world.server.links.add(Buffer.from(link).toString('base64url'));
		const { keyholder } = device;
		expect(await keyholder.unlockWithKit(EMAIL, kit, undefined)).toEqual({ outcome: 'link' });
		expect(await keyholder.unlockWithKit(EMAIL, kit, link)).toEqual({ outcome: 'unlocked' });
		expect(await keyholder.unlockWithKit(EMAIL, kit, link)).toEqual({ outcome: 'link' });
	});

	test('asks for the second factor as well', async () => {
		const { world, device, kit } = await forgotten();
		const { factor } = world.stored();
		factor.on = true;
		factor.codes.add('123456');
		expect(await device.keyholder.unlockWithKit(EMAIL, kit, undefined)).toEqual({
			outcome: 'second-factor'
		});
		expect(await device.keyholder.unlockWithCode('123456')).toEqual({ outcome: 'unlocked' });
	});

	test('sends nothing of the kit but its locator and signatures', async () => {
		const { world, device, kit } = await forgotten();
		await device.keyholder.unlockWithKit(EMAIL, kit, undefined);
		await world.expectSilent(device);
		expect(device.wire.sent()).not.toContain(kit.slice(4));
	});
});
