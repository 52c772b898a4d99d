import { describe, expect, test } from 'vitest';
import { Affairs } from '#lib/keyholder/affairs.ts';
import { Holder } from '#lib/keyholder/holder.ts';
import { EMAIL, errorOf, PASSWORD, World, type Device } from '../../../tests/hostile/harness.ts';
import { changing } from '../../../tests/hostile/moves.ts';
import { accountOf } from '../../../tests/hostile/open-accounts.ts';
import { scriptedLink } from '../../../tests/hostile/scripted-link.ts';
import { refusal } from '../../../tests/refusals.ts';

async function proven(): Promise<{ world: World; device: Device }> {
	const world = new World();
	const device = await world.account(['a']);
	await device.keyholder.prove(PASSWORD);
	return { world, device };
}

describe('what needs a proof', () => {
	test('is not sent without one', async () => {
		const device = await new World().account();
		const { affairs } = device.keyholder;
		const sent = device.wire.exchanges.length;
		for (const action of [
			() => affairs.endSession('AAAAAAAAAAAAAAAAAAAAAA'),
			() => affairs.endOtherSessions(),
			() => affairs.askSecondFactorSeed(),
			() => affairs.turnSecondFactorOn('123456'),
			() => affairs.turnSecondFactorOff('123456'),
			() => affairs.askEmailChange('eve@example.org'),
			() => affairs.dropAccount()
		]) {
			expect(await errorOf(action)).toMatchObject(refusal('proof'));
		}
		expect(device.wire.exchanges).toHaveLength(sent);
	});
});

describe('sessions', () => {
	test('are listed, and ended one by one or all others at once', async () => {
		const { world, device } = await proven();
		const { affairs } = device.keyholder;
		const others = [world.device(), world.device()];
		for (const other of others) await other.unlock();
		const listed = await affairs.sessions();
		expect(listed).toHaveLength(3);
		expect(listed.filter(({ current }) => current)).toHaveLength(1);
		await affairs.endSession(listed.find(({ current }) => !current)?.id ?? '');
		expect(await affairs.sessions()).toHaveLength(2);
		await affairs.endOtherSessions();
		expect(await affairs.sessions()).toHaveLength(1);
		for (const other of others) {
			expect(await errorOf(() => other.keyholder.refresh())).toMatchObject(refusal('auth'));
		}
		await device.keyholder.refresh();
	});
});

describe('the second factor', () => {
	test('is turned on with a code from its seed, and off with a current one', async () => {
		const { world, device } = await proven();
		const { affairs } = device.keyholder;
		expect(await affairs.secondFactor()).toEqual({ on: false, backupCodes: 0 });
		const { seed, address } = await affairs.askSecondFactorSeed();
		expect(seed).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
		expect(address).toBe(
			`otpauth://totp/Keyhold%3Aada%40example.org?secret=${seed}&issuer=Keyhold&algorithm=SHA1&digits=6&period=30`
		);
		const { codes } = world.stored().factor;
		codes.add('123456').add('654321');
		expect(await affairs.turnSecondFactorOn('000000')).toEqual({ outcome: 'wrong-code' });
		expect(await affairs.turnSecondFactorOn('123 456')).toMatchObject({ outcome: 'on' });
		expect(await affairs.secondFactor()).toMatchObject({ on: true, backupCodes: 10 });
		expect(await affairs.turnSecondFactorOff('nothing')).toEqual({ outcome: 'wrong-code' });
		expect(await affairs.turnSecondFactorOff('654321')).toEqual({ outcome: 'off' });
	});
});

describe('the email that was typed', () => {
	async function served(): Promise<{ device: Device }> {
		const { device } = await proven();
		device.wire.tamper = changing('/account', (json) => ({ ...json, email: 'eve@example.org' }));
		await device.keyholder.refresh();
		return { device };
	}

	test('is the one that an authenticator app shows, whatever is served', async () => {
		const { device } = await served();
		const { address } = await device.keyholder.affairs.askSecondFactorSeed();
		expect(address).toContain('Keyhold%3Aada%40example.org?');
	});

	test('is forgotten with the account, whatever is served', async () => {
		const { device } = await served();
		device.wire.tamper = undefined;
		await device.keyholder.affairs.dropAccount();
		expect(device.pins.emails.size).toBe(0);
	});
});

describe('a code that cannot be one', () => {
	test('is wrong, and is not sent', async () => {
		const { device } = await proven();
		const { affairs } = device.keyholder;
		const sent = device.wire.exchanges.length;
		for (const typed of ['', '12345', 'nothing']) {
			expect(await affairs.turnSecondFactorOn(typed)).toEqual({ outcome: 'wrong-code' });
			expect(await affairs.turnSecondFactorOff(typed)).toEqual({ outcome: 'wrong-code' });
		}
		expect(device.wire.exchanges).toHaveLength(sent);
	});
});

describe('reminders', () => {
	test('are told to the server by their days, all of them, and nothing else', async () => {
		const days = ['2026-12-01', '2026-12-07'];
		const { link, sent } = scriptedLink([{ mail: true, days }]);
		const holder = new Holder(link.ports);
		holder.hold(holder.begin(), accountOf());
		expect(await new Affairs(holder).setReminders(days)).toEqual({ mail: true, days });
		expect(sent).toEqual([{ request: 'POST /api/v1/account/reminders', body: { days } }]);
	});
});

describe('another email', () => {
	test('is asked for as it was typed, and told where the server sends mail', async () => {
		const { world, device } = await proven();
		const { affairs } = device.keyholder;
		expect(await affairs.emailChange()).toEqual({ state: 'none' });
		world.server.mail = true;
		const waiting = await affairs.askEmailChange(' Eve@example.org');
		expect(waiting).toMatchObject({ state: 'waiting', email: 'eve@example.org' });
		expect(await affairs.emailChange()).toEqual(waiting);
		const asked = device.wire.exchanges.find(
			({ method, path }) => method === 'POST' && path.startsWith('/api/v1/account/email')
		);
		expect(JSON.parse(asked?.body ?? '')).toEqual({ email: ' Eve@example.org' });
	});
});

describe('an account that is deleted', () => {
	test('is gone, forgotten on this device, and locked', async () => {
		const { world, device } = await proven();
		await device.keyholder.affairs.dropAccount();
		expect(world.server.accounts.size).toBe(0);
		expect(device.pins.emails.size + device.pins.accounts.size).toBe(0);
		expect(() => device.keyholder.view()).toThrow('locked');
		expect(await device.keyholder.unlock(EMAIL, PASSWORD)).toEqual({ outcome: 'wrong-password' });
	});

	test('is remembered still if the server does not say that it is gone', async () => {
		const { device } = await proven();
		const pins = device.pins.snapshot();
		device.wire.tamper = (_answer, { method }) => (method === 'DELETE' ? 'nothing' : undefined);
		const error = await errorOf(() => device.keyholder.affairs.dropAccount());
		expect(error).toMatchObject(refusal('offline'));
		expect(device.pins.snapshot()).toBe(pins);
	});

	test('leaves its email for another one', async () => {
		const { device } = await proven();
		await device.keyholder.affairs.dropAccount();
		await device.keyholder.prepare(EMAIL, PASSWORD);
		expect(await device.keyholder.register()).toEqual({ outcome: 'registered' });
	});
});
