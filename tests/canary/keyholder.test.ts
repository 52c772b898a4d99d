/**
 * The canary: what is marked passes through the life of an account. Nothing that leaves the
 * device, and nothing that a server answers or keeps, holds a mark in any form; nor the keys that
 * the account is made of.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { keysOf } from '../hostile/held-keys.ts';
import { NOW, ORIGIN, World } from '../hostile/harness.ts';
import { EMAIL, journey, MARKS, type Journey } from './journey.ts';
import { found, needlesOf, type Needle } from './needles.ts';

describe('after an account, its keys, vaults and ways in were made, used and replaced', () => {
	const world = new World();
	let made: Journey;
	let needles: readonly Needle[];

	beforeAll(async () => {
		made = await journey(world.server.device(), () => NOW);
		// The last one was derived from the password that opens the account now.
		const root = made.roots.at(-1) ?? new Uint8Array(32);
		const keys = await keysOf(world.stored(EMAIL), () => root);
		const ofKeys = keys.flatMap(({ name, bytes }) => needlesOf(name, bytes));
		needles = [...made.needles, ...ofKeys];
	}, 120_000);

	test('the journey was made', () => {
		expect(new Set(made.device.wire.requests().map(shape))).toEqual(
			new Set([
				'POST /api/v1/accounts',
				'POST /api/v1/auth/challenge',
				'POST /api/v1/auth/verify',
				'GET /api/v1/account',
				'POST /api/v1/account/commits',
				'POST /api/v1/account/rotation',
				'POST /api/v1/account/rotations/:rotation/parts',
				'GET /api/v1/vaults/:vault',
				'POST /api/v1/vaults/:vault/commits',
				'POST /api/v1/vaults/:vault/secrets',
				'DELETE /api/v1/auth/session'
			])
		);
		expect(made.roots.length).toBeGreaterThan(3);
	});

	test('no url, header or body that was sent holds a mark', () => {
		expect(found(made.device.wire.sent(), needles)).toEqual([]);
	});

	test('no answer holds a mark', () => {
		expect(found(made.device.wire.received(), needles)).toEqual([]);
	});

	test('nothing that the server keeps holds a mark, as text or as bytes', () => {
		const stored = world.stored(EMAIL);
		const [vault] = stored.vaults.values();
		const records = [stored.settings, stored.chain.blob, vault?.chain.blob, vault?.keyWrap]
			.concat([...(vault?.sheets.values() ?? [])].map(({ blob }) => blob))
			.map((blob) => Buffer.from(blob ?? '', 'base64url'));
		expect(found(JSON.stringify(stored), needles)).toEqual([]);
		expect(found(Buffer.concat(records), needles)).toEqual([]);
	});

	test('the pins of the device hold no mark', () => {
		expect(found(made.device.pins.snapshot(), needles)).toEqual([]);
	});

	test('a mark would have been found', () => {
		const leaks = [
			`GET ${ORIGIN}/?q=${encodeURIComponent(MARKS.value)}`,
			JSON.stringify({ note: MARKS.note }),
			`xx${Buffer.from(`a${MARKS.name}b`).toString('base64')}`,
			Buffer.from(MARKS.tag).toString('hex').toUpperCase(),
			`proof: ${Buffer.concat([Buffer.of(1), made.roots[0] ?? Buffer.of()]).toString('base64url')}`
		];
		for (const leak of leaks) expect(found(leak, needles), leak).not.toEqual([]);
		expect(found(Buffer.from(MARKS.vault, 'utf16le'), needles)).not.toEqual([]);
	});
});

function shape(request: string): string {
	return request.replace(/\/(vault|rotation)s\/[^/]+/, '/$1s/:$1');
}
