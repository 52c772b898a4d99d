/** H23: a server that has a client prove something for another account, purpose, place or request. */
import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { PASSWORD, World, type Device } from './harness.ts';
import { changing } from './moves.ts';
import { messageOf, SPKI_PREFIX, type Challenge } from './reference-proofs.ts';

/** The challenge and the signature that passed between `device` and the server last. */
function lastProof(device: Device): { challenge: Omit<Challenge, 'purpose'>; signature: Buffer } {
	const asked = device.wire.exchanges.findLast(({ path }) => path.endsWith('/auth/challenge'));
	const proved = device.wire.exchanges.findLast(({ path }) => path.endsWith('/auth/verify'));
	const { signature } = JSON.parse(proved?.body ?? '') as { signature: string };
	return {
		challenge: JSON.parse(asked?.answer ?? '') as Challenge,
		signature: Buffer.from(signature, 'base64url')
	};
}

function proves(world: World, signature: Buffer, message: Buffer): boolean {
	const key = Buffer.from(world.stored().slots[0]?.authPublicKey ?? '', 'base64url');
	const spki = Buffer.concat([SPKI_PREFIX, key]);
	const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
	return verify(null, message, publicKey, signature);
}

describe('a server that exchanges accounts', () => {
	test('answers a known email with another account: refused before anything is derived', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		await world.account([], 'eve@example.org');
		const { id, slots } = world.stored('eve@example.org');
		device.derived.length = 0;
		device.wire.tamper = changing('/auth/challenge', (json) => ({
			...json,
			account: id,
			slot: slots[0]?.id
		}));
		await world.refused(device, 'rollback', () => device.unlock());
		expect(device.derived).toEqual([]);
	});

	test('after the proof: refused', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		await world.account([], 'eve@example.org');
		const other = world.stored('eve@example.org').id;
		device.wire.tamper = changing('/account', (json) => ({ ...json, account: other }));
		await world.refused(device, 'integrity', () => device.unlock());
	});

	test('inside a session, for another slot than was asked for: refused', async () => {
		const world = new World();
		const device = await world.account(['a']);
		device.keyholder.lock();
		const slot = randomBytes(16).toString('base64url');
		device.wire.tamper = changing('/auth/challenge', (json) => ({ ...json, slot }));
		await world.refused(device, 'integrity', () => device.unlock());
	});

	test('of a session of another person on this device: the right account is proved by email', async () => {
		const world = new World();
		const pins = (await world.account(['a'])).pins;
		const shared = world.device(pins);
		await shared.keyholder.prepare('eve@example.org', PASSWORD);
		await shared.keyholder.register();
		shared.keyholder.lock();
		expect((await shared.unlock()).email).toBe('ada@example.org');
		expect(shared.names).toEqual(['a']);
	});
});

describe('a signature that a client gave', () => {
	test('for a sign-in proves that sign-in, and nothing else', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		await device.unlock();
		const { challenge, signature } = lastProof(device);
		const login = { ...challenge, purpose: 1 };
		const origin = 'https://vault.example.org';
		expect(proves(world, signature, messageOf(login, origin))).toBe(true);
		const request = { method: 'POST', path: '/api/v1/accounts', body: '{}' };
		const others = [
			messageOf({ ...login, purpose: 5 }, origin),
			messageOf({ ...login, purpose: 8 }, origin),
			messageOf({ ...login, purpose: 5 }, origin, request),
			messageOf(login, origin, request),
			messageOf(login, 'https://evil.example'),
			messageOf({ ...login, expiresAtMs: login.expiresAtMs + 1 }, origin),
			messageOf({ ...login, challenge: randomBytes(32).toString('base64url') }, origin),
			messageOf({ ...login, account: randomBytes(16).toString('base64url') }, origin)
		];
		expect(others.map((message) => proves(world, signature, message))).not.toContain(true);
	});

	test('inside a session is for unlocking: it makes no second session', async () => {
		const world = new World();
		const device = await world.account(['a']);
		device.keyholder.lock();
		await device.unlock();
		const { challenge, signature } = lastProof(device);
		const origin = 'https://vault.example.org';
		expect(proves(world, signature, messageOf({ ...challenge, purpose: 8 }, origin))).toBe(true);
		expect(proves(world, signature, messageOf({ ...challenge, purpose: 1 }, origin))).toBe(false);
	});

	test('for an export does not sign in, and a request that was changed is not allowed', async () => {
		const world = new World();
		const device = await world.account(['a', 'b']);
		await device.keyholder.proveExport(PASSWORD);
		await device.keyholder.readAll();
		const sent = device.wire.exchanges.findLast(({ path }) => path.endsWith('/secrets'));
		const headers = new Map(JSON.parse(sent?.headers ?? '') as [string, string][]);
		const again = await world.server.device()(`https://vault.example.org${sent?.path ?? ''}`, {
			method: 'POST',
			body: sent?.body ?? '',
			headers: Object.fromEntries(headers)
		});
		expect(again.status).toBe(401);
		const proof = Buffer.from(headers.get('keyhold-proof') ?? '', 'base64url').toString();
		const signIn = await world.server.device()('https://vault.example.org/api/v1/auth/verify', {
			method: 'POST',
			body: proof,
			headers: { 'content-type': 'application/json' }
		});
		expect(signIn.status).toBe(401);
	});
});
