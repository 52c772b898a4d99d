import { describe, expect, test } from 'vitest';
import { EMAIL, errorOf, PASSWORD, World } from '../../../tests/hostile/harness.ts';
import { changing, type Members } from '../../../tests/hostile/moves.ts';
import { refusal } from '../../../tests/refusals.ts';

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
		expect(device.wire.requests()).toEqual(['POST /api/v1/accounts', 'POST /api/v1/accounts']);
	});

	test('whose answer was lost may be asked for again: the account is the prepared one', async () => {
		const world = new World();
		const device = world.device();
		await device.keyholder.prepare(EMAIL, PASSWORD);
		device.wire.tamper = () => 'nothing';
		expect(await errorOf(() => device.keyholder.register())).toMatchObject(refusal('offline'));
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
		expect(await errorOf(() => device.keyholder.register())).toMatchObject(refusal('integrity'));
		expect(device.pins.saves).toBe(0);
	});

	test('whose answer was lost replaces what the device knew of the email', async () => {
		const world = new World();
		const device = await world.account();
		world.server.accounts.clear();
		await device.keyholder.prepare(EMAIL, PASSWORD);
		device.wire.tamper = () => 'nothing';
		await errorOf(() => device.keyholder.register());
		device.wire.tamper = undefined;
		expect(await device.keyholder.register()).toEqual({ outcome: 'registered' });
		expect([...device.pins.emails.values()]).toEqual([{ account: world.stored().id, profile: 1 }]);
	});

	test('is pinned once, as it is acknowledged, and with the name of its vault', async () => {
		expect((await new World().account()).pins.saves).toBe(2);
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
			expect(await errorOf(() => device.keyholder.prepare(EMAIL, password))).toMatchObject(
				refusal('invalid')
			);
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

describe('registration where addresses are confirmed', () => {
	async function waiting() {
		const world = new World();
		world.server.mail = true;
		const device = world.device();
		await device.keyholder.prepare(EMAIL, PASSWORD);
		expect(await device.keyholder.register()).toEqual({ outcome: 'confirm' });
		expect(device.wire.requests()).toEqual(['POST /api/v1/accounts']);
		return { world, device };
	}

	test('waits for the link, sends nothing twice, and pins nothing', async () => {
		const { device } = await waiting();
		expect(await device.keyholder.register()).toEqual({ outcome: 'confirm' });
		const sent = device.wire.requests().filter((each) => each === 'POST /api/v1/accounts');
		expect(sent).toHaveLength(1);
		expect(device.pins.saves).toBe(0);
		expect(() => device.keyholder.view()).toThrow('locked');
	});

	test('waits on where a connection was lost meanwhile, and sends nothing twice', async () => {
		const { world, device } = await waiting();
		device.wire.tamper = () => 'nothing';
		expect(await errorOf(() => device.keyholder.register())).toMatchObject(refusal('offline'));
		device.wire.tamper = undefined;
		world.server.confirm();
		expect(await device.keyholder.register()).toEqual({ outcome: 'registered' });
		const sent = device.wire.requests().filter((each) => each === 'POST /api/v1/accounts');
		expect(sent).toHaveLength(1);
	});

	test('signs in once the link was followed', async () => {
		const { world, device } = await waiting();
		world.server.confirm();
		expect(await device.keyholder.register()).toEqual({ outcome: 'registered' });
		expect(device.vault.name).toBe('Personal');
		expect(device.keyholder.view().known).toBe(true);
	});

	test('is taken up by an ordinary sign-in, if the page was closed meanwhile', async () => {
		const { world } = await waiting();
		world.server.confirm();
		const device = world.device();
		await device.unlock();
		expect(device.vault.name).toBe('Personal');
	});

	test('waits for ever, and pins nothing, if the address has an account already', async () => {
		const world = new World();
		await world.account();
		world.server.mail = true;
		const device = world.device();
		await device.keyholder.prepare(EMAIL, PASSWORD);
		expect(await device.keyholder.register()).toEqual({ outcome: 'confirm' });
		world.server.confirm();
		expect(await device.keyholder.register()).toEqual({ outcome: 'confirm' });
		expect(device.pins.saves).toBe(0);
	});
});

describe('an answer to a registration that is not what was sent', () => {
	async function registering(path: string, change: (json: Members) => unknown) {
		const device = new World().device();
		await device.keyholder.prepare(EMAIL, PASSWORD);
		device.wire.tamper = changing(path, change);
		return { device, error: await errorOf(() => device.keyholder.register()) };
	}

	test('is refused, and nothing is pinned: another account', async () => {
		const other = { account: 'A'.repeat(22) };
		const { device, error } = await registering('/accounts', (json) => ({ ...json, ...other }));
		expect(error).toMatchObject(refusal('integrity'));
		expect(device.pins.saves).toBe(0);
		expect(device.wire.requests()).toEqual(['POST /api/v1/accounts']);
	});

	test.each([
		['slot', { slot: 'A'.repeat(22) }, 'another slot than registered'],
		['profile', { profile: 2 }, 'another slot than registered'],
		['salt', { salt: 'A'.repeat(22) }, 'another salt than registered']
	])('is refused, and nothing is signed: another %s', async (_, other, message) => {
		const { device, error } = await registering('/challenge', (json) => ({ ...json, ...other }));
		expect(error).toMatchObject({ ...refusal('integrity'), message });
		expect(device.wire.requests().at(-1)).toBe('POST /api/v1/auth/challenge');
	});

	test('is refused: the account that was just made is not let in', async () => {
		const problem = { type: 'about:blank', title: 'No.', status: 401, code: 'auth' };
		const device = new World().device();
		await device.keyholder.prepare(EMAIL, PASSWORD);
		device.wire.tamper = (_answer, { path }) =>
			path.endsWith('/verify')
				? { status: 401, type: 'application/problem+json', json: problem }
				: undefined;
		const error = await errorOf(() => device.keyholder.register());
		expect(error).toMatchObject({ ...refusal('auth'), message: 'the new account is not let in' });
	});

	test('is refused where it is about the first name of the vault', async () => {
		const { error } = await registering('/commits', () => ({ stored: 'perhaps' }));
		expect(error).toMatchObject(refusal('format'));
	});
});

describe('the language of the mails', () => {
	test('goes along with the account', async () => {
		const device = new World().device();
		await device.keyholder.prepare(EMAIL, PASSWORD);
		expect(await device.keyholder.register({ language: 'en' })).toEqual({ outcome: 'registered' });
		const sent = device.wire.exchanges.find(({ path }) => path === '/api/v1/accounts');
		expect(JSON.parse(sent?.body ?? '')).toMatchObject({ language: 'en' });
	});
});

describe('the name of the first vault', () => {
	test('is the one that it was given', async () => {
		const device = new World().device();
		await device.keyholder.prepare(EMAIL, PASSWORD);
		await device.keyholder.register({ vaultName: 'Persönlich' });
		expect(device.keyholder.view().vaults[0]?.name).toBe('Persönlich');
	});

	test('is said to nobody', async () => {
		const device = new World().device();
		await device.keyholder.prepare(EMAIL, PASSWORD);
		await device.keyholder.register({ vaultName: 'Persönlich' });
		expect(device.wire.exchanges.map(({ body }) => body).join()).not.toContain('vaultName');
	});
});

describe('registration that is not open to everyone', () => {
	test('takes an invitation, and says when it is not good', async () => {
		const world = new World();
		const token = new Uint8Array(32).fill(7);
		world.server.invitation = Buffer.from(token).toString('base64url');
		const { keyholder } = world.device();
		await keyholder.prepare(EMAIL, PASSWORD);
		expect(await keyholder.register()).toEqual({ outcome: 'link' });
		const other = { invitation: new Uint8Array(32).fill(8) };
		expect(await keyholder.register(other)).toEqual({ outcome: 'link' });
		expect(await keyholder.register({ invitation: token })).toEqual({ outcome: 'registered' });
	});

	test('takes the set-up code as it is typed, and sends none that cannot be one', async () => {
		const world = new World();
		world.server.setupCode = 'ABCDEFGH0123';
		const device = world.device();
		const { keyholder } = device;
		await keyholder.prepare(EMAIL, PASSWORD);
		expect(await keyholder.register()).toEqual({ outcome: 'setup-code' });
		expect(await keyholder.register({ setupCode: 'XXXXXXXX0123' })).toEqual({
			outcome: 'setup-code'
		});
		const sent = device.wire.exchanges.length;
		expect(await keyholder.register({ setupCode: 'short' })).toEqual({ outcome: 'setup-code' });
		expect(device.wire.exchanges).toHaveLength(sent);
		expect(await keyholder.register({ setupCode: 'abcd-efgh-o123' })).toEqual({
			outcome: 'registered'
		});
	});
});
