import { describe, expect, test } from 'vitest';
import { EMAIL, errorOf, PASSWORD, World } from '../../../tests/hostile/harness.ts';
import { changing } from '../../../tests/hostile/moves.ts';

describe('registration', () => {
	test('sends nothing before it is confirmed', async () => {
		const device = new World().device();
		const { kit } = await device.keyholder.prepare(EMAIL, PASSWORD);
		expect(kit).toMatch(/^KH1(-[0-9A-HJKMNP-TV-Z]{4}){9}$/);
		expect(device.wire.exchanges).toEqual([]);
	});

	test('ends unlocked, with a named vault', async () => {
		const device = await new World().account();
		expect(device.vault).toMatchObject({ name: 'Personal', keys: [] });
		expect(device.keyholder.view().settings.vaults).toEqual({
			[device.vault.id]: { name: 'Personal' }
		});
	});

	test('says when the email has an account, or the server takes none', async () => {
		const world = new World();
		await world.account();
		const device = world.device();
		await device.keyholder.prepare(EMAIL, PASSWORD);
		expect(await device.keyholder.register()).toEqual({ outcome: 'taken' });
		world.server.open = false;
		await device.keyholder.prepare('eve@example.org', PASSWORD);
		expect(await device.keyholder.register()).toEqual({ outcome: 'closed' });
		expect(device.pins.saves).toBe(0);
	});

	test('whose answer was lost may be asked for again: the account is the prepared one', async () => {
		const world = new World();
		const device = world.device();
		await device.keyholder.prepare(EMAIL, PASSWORD);
		device.wire.tamper = () => 'nothing';
		expect(await errorOf(() => device.keyholder.register())).toMatchObject({ code: 'offline' });
		device.wire.tamper = undefined;
		expect(await device.keyholder.register()).toEqual({ outcome: 'registered' });
		expect(world.server.accounts.size).toBe(1);
		expect(device.keyholder.view().account).toBe(world.stored().id);
	});

	test('whose answer was lost does not take another person’s account for its own', async () => {
		const world = new World();
		const device = world.device();
		await device.keyholder.prepare(EMAIL, PASSWORD);
		device.wire.tamper = () => {
			world.server.accounts.clear();
			return 'nothing';
		};
		await errorOf(() => device.keyholder.register());
		device.wire.tamper = undefined;
		await world.account();
		expect(await device.keyholder.register()).toEqual({ outcome: 'taken' });
		expect(device.pins.saves).toBe(0);
	});

	test('whose answer was lost pins nothing before the account is verified', async () => {
		const world = new World();
		const device = world.device();
		await device.keyholder.prepare(EMAIL, PASSWORD);
		device.wire.tamper = () => 'nothing';
		await errorOf(() => device.keyholder.register());
		device.wire.tamper = changing('/api/v1/account', (json) => ({ ...json, vaults: [] }));
		expect(await errorOf(() => device.keyholder.register())).toMatchObject({ code: 'integrity' });
		expect(device.pins.saves).toBe(0);
	});

	test('whose answer was lost is held to what was sent, once it is found', async () => {
		const world = new World();
		const device = world.device();
		await device.keyholder.prepare(EMAIL, PASSWORD);
		device.wire.tamper = () => 'nothing';
		await errorOf(() => device.keyholder.register());
		device.wire.tamper = undefined;
		await device.keyholder.register();
		expect([...device.pins.emails.values()]).toEqual([{ account: world.stored().id, profile: 1 }]);
		expect(device.pins.accounts.get(world.stored().id)?.seq).toBe(world.stored().chain.seq);
	});

	test('is there even if its settings could not be written', async () => {
		const world = new World();
		const device = world.device();
		await device.keyholder.prepare(EMAIL, PASSWORD);
		device.wire.tamper = (_, { path }) => (path.endsWith('/commits') ? 'nothing' : undefined);
		expect(await device.keyholder.register()).toEqual({ outcome: 'registered' });
		expect(device.vault.name).toBe('Personal');
	});

	test.each(['short', '12345678901', 'a\ud800bcdefghijklm', 'x'.repeat(1_025)])(
		'refuses the password %j',
		async (password) => {
			const device = new World().device();
			expect(await errorOf(() => device.keyholder.prepare(EMAIL, password))).toMatchObject({
				code: 'invalid'
			});
		}
	);

	test('of a known email replaces what the device knew of it', async () => {
		const world = new World();
		const device = await world.account();
		const [before] = device.pins.emails.values();
		world.server.accounts.clear();
		await device.keyholder.prepare(EMAIL, PASSWORD);
		await device.keyholder.register();
		const [after] = device.pins.emails.values();
		expect(after?.account).not.toBe(before?.account);
	});
});
