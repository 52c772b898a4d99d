/** H23: a server that asks for a signature which is good for something else than was wanted. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Authenticator } from './authenticator.ts';
import { EMAIL, errorOf, NOW, ORIGIN, PASSWORD, World, type Device } from './harness.ts';
import { changing, type Members } from './moves.ts';
import { messageOf, type Challenge } from './reference-proofs.ts';
import { refusal } from '../refusals.ts';

async function proven(): Promise<{ world: World; device: Device }> {
	const world = new World();
	const device = await world.account(['a']);
	await device.keyholder.prove(PASSWORD);
	return { world, device };
}

async function touch(device: Device, authenticator: Authenticator): Promise<void> {
	const touched = authenticator.touch(await device.keyholder.askPasskey());
	const { outcome } = await device.keyholder.unlockWithPasskey(touched);
	expect(outcome).toBe('unlocked');
}

async function passkeyOf(device: Device): Promise<Authenticator> {
	const authenticator = new Authenticator(ORIGIN);
	const { ways } = device.keyholder;
	const passkey = { ...authenticator.make(await ways.offerPasskey()), name: 'Phone' };
	expect(await ways.addPasskey(passkey, PASSWORD)).toEqual({ outcome: 'changed' });
	return authenticator;
}

/** What a hostile server may answer to a request for a challenge, and what becomes of it. */
const CHALLENGES: [string, (json: Members) => Members, string][] = [
	['another account', (json) => ({ ...json, account: 'AAAAAAAAAAAAAAAAAAAAAA' }), 'rollback'],
	['another slot', (json) => ({ ...json, slot: 'AAAAAAAAAAAAAAAAAAAAAA' }), 'integrity'],
	['a kit', (json) => ({ ...json, kind: 2 }), 'format'],
	['a later kind', (json) => ({ ...json, kind: 4 }), 'unsupported'],
	['another profile', (json) => ({ ...json, profile: 2 }), 'kdf-refused'],
	['a far end', (json) => ({ ...json, expiresAtMs: NOW + 4_000_000 }), 'clock']
];

describe('a server that answers a proof of one request with a challenge for', () => {
	test.each(CHALLENGES)('%s: nothing is signed', async (_name, change, code) => {
		const { world, device } = await proven();
		device.wire.tamper = changing('/auth/challenge', change);
		await world.refused(device, code as 'integrity', () =>
			device.keyholder.affairs.endOtherSessions()
		);
	});
});

describe('a server that keeps a challenge of another purpose for later', () => {
	test('gets a signature of the request that the person asked for, and of no other', async () => {
		const { world, device } = await proven();
		const { id: account, slots } = world.stored();
		const slot = slots.find(({ kind }) => kind === 1)?.id ?? '';
		// It issues one for deleting the account, and hands it out where sessions are to be ended.
		let asked: Challenge | undefined;
		device.wire.tamper = changing('/auth/challenge', (json) => {
			asked = { ...(JSON.parse(JSON.stringify(json)) as Challenge), purpose: 6 };
			return json;
		});
		await device.keyholder.affairs.endOtherSessions();
		const headers = device.wire.exchanges.at(-1)?.headers ?? '';
		const proof = /keyhold-proof","([^"]+)/.exec(headers)?.[1] ?? '';
		const { signature } = JSON.parse(Buffer.from(proof, 'base64url').toString()) as {
			signature: string;
		};
		const proves = (purpose: number, method: string, path: string) =>
			world.server.signs({ ...(asked as Challenge), account, slot, purpose }, signature, {
				...{ method, path, body: '' }
			});
		expect(proves(2, 'DELETE', '/api/v1/account/sessions')).toBe(true);
		expect(proves(6, 'DELETE', '/api/v1/account')).toBe(false);
		expect(proves(6, 'DELETE', '/api/v1/account/sessions')).toBe(false);
		expect(proves(2, 'DELETE', '/api/v1/account')).toBe(false);
		expect(proves(2, 'POST', '/api/v1/account/sessions')).toBe(false);
	});
});

describe('a sign-in by passkey', () => {
	test('that is answered with another account: refused', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const authenticator = await passkeyOf(device);
		device.keyholder.lock();
		await world.account([], 'eve@example.org');
		const other = world.stored('eve@example.org').id;
		device.wire.tamper = changing('/account', (json) => ({ ...json, account: other }));
		await world.refused(device, 'integrity', () => touch(device, authenticator));
	});

	test('to a session of another account, all of it genuine: refused', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const authenticator = await passkeyOf(device);
		device.keyholder.lock();
		const eve = await world.account(['b'], 'eve@example.org');
		await passkeyOf(eve);
		// The server takes one passkey for the other, and opens a session of the other account.
		const slot = world.stored('eve@example.org').slots.find(({ kind }) => kind === 3);
		const error = await errorOf(async () => {
			const { id: account } = world.stored('eve@example.org');
			device.wire.tamper = (answer, request) => {
				if (request.path.endsWith('/auth/verify')) {
					return { json: { slot: slot?.id, wrap: slot?.wrap } };
				}
				if (!request.path.split('?')[0]?.endsWith('/account')) return undefined;
				return { json: { ...(answer.json as Members), account } };
			};
			await touch(device, authenticator);
		});
		expect(error).toMatchObject(refusal('integrity'));
	});

	test('whose challenge names an account, or is of another kind: nothing is signed', async () => {
		const world = new World();
		const device = await world.account(['a']);
		await passkeyOf(device);
		device.keyholder.lock();
		const { id } = world.stored();
		const moves: [(json: Members) => Members, string][] = [
			[(json) => ({ ...json, account: id }), 'format'],
			[(json) => ({ ...json, slot: id }), 'format'],
			[(json) => ({ ...json, kind: 1 }), 'format'],
			[(json) => ({ ...json, kind: 4 }), 'unsupported'],
			[(json) => ({ ...json, profile: 1 }), 'format'],
			[(json) => ({ ...json, expiresAtMs: NOW + 4_000_000 }), 'clock']
		];
		for (const [change, code] of moves) {
			device.wire.tamper = changing('/auth/challenge', change);
			expect(await errorOf(() => device.keyholder.askPasskey())).toMatchObject({ code });
		}
	});

	test('signs a sign-in, and no proof of anything else', async () => {
		const world = new World();
		const device = await world.account(['a']);
		await passkeyOf(device);
		device.keyholder.lock();
		const { challenge } = await device.keyholder.askPasskey();
		const asked = device.wire.exchanges.at(-1)?.answer ?? '';
		const login = { ...(JSON.parse(asked) as Challenge), purpose: 1 };
		const of = (each: Challenge) =>
			createHash('sha256').update(messageOf(each, ORIGIN)).digest('base64url');
		expect(Buffer.from(challenge).toString('base64url')).toBe(of(login));
		expect(of({ ...login, purpose: 8 })).not.toBe(of(login));
	});
});

describe('a sign-in by recovery kit', () => {
	test('that is answered with the account of another email: treated as an unknown kit, and not signed', async () => {
		const world = new World();
		const device = world.device();
		const { kit } = await device.keyholder.prepare(EMAIL, PASSWORD);
		await device.keyholder.register();
		device.keyholder.lock();
		const eve = world.device();
		await eve.keyholder.prepare('eve@example.org', PASSWORD);
		await eve.keyholder.register();
		const { id: account } = world.stored('eve@example.org');
		device.wire.tamper = changing('/auth/challenge', (json) => ({ ...json, account }));
		const before = device.pins.snapshot();
		expect(await device.keyholder.unlockWithKit(EMAIL, kit, undefined)).toEqual({
			outcome: 'wrong-password'
		});
		expect(device.wire.forgeries).toBe(1);
		expect(device.wire.sentAfterForgery).toBe(0);
		expect(device.pins.snapshot()).toBe(before);
		await world.expectSilent(device);
	});

	test.each([
		[1, 'format'],
		[3, 'format'],
		[4, 'unsupported']
	] as const)('with a challenge of kind %i: refused as %s', async (kind, code) => {
		const world = new World();
		const device = world.device();
		const { kit } = await device.keyholder.prepare(EMAIL, PASSWORD);
		await device.keyholder.register();
		device.keyholder.lock();
		device.wire.tamper = changing('/auth/challenge', (json) => ({ ...json, kind }));
		await world.refused(device, code, () => device.keyholder.unlockWithKit(EMAIL, kit, undefined));
		expect(device.derived).toHaveLength(1);
	});
});

describe('a second challenge of one sign-in', () => {
	test.each([
		['account', 'AAAAAAAAAAAAAAAAAAAAAA', 'rollback'],
		['slot', 'AAAAAAAAAAAAAAAAAAAAAA', 'integrity'],
		['salt', 'AAAAAAAAAAAAAAAAAAAAAA', 'integrity'],
		['profile', 2, 'integrity']
	] as const)(
		'for another %s than the keys were derived for: refused',
		async (name, value, code) => {
			const world = new World();
			const device = await world.knownDevice(['a']);
			const { factor } = world.stored();
			factor.on = true;
			factor.codes.add('123456');
			expect(await device.keyholder.unlock(EMAIL, PASSWORD)).toEqual({ outcome: 'second-factor' });
			device.wire.tamper = changing('/auth/challenge', (json) => ({ ...json, [name]: value }));
			await world.refused(device, code, () => device.keyholder.unlockWithCode('123456'));
		}
	);
});
