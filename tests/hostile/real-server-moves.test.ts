/** The moves that `real-server.test.ts` leaves out, with the real server behind the attacker as well. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Fetch } from '#lib/api/client.ts';
import { routes } from '#lib/api/routes.ts';
import { KeyholderError, type KeyholderErrorCode } from '#lib/keyholder/errors.ts';
import { count, record } from '../figures.ts';
import { browserOf } from '../server/browser-of.ts';
import { Host } from '../server/host.ts';
import { Person } from '../server/person.ts';
import { Device, EMAIL, errorOf, newKey, PASSWORD } from './harness.ts';
import type { MemoryPins } from './memory-pins.ts';
import { changing, type Members } from './moves.ts';
import { Dice, mutate } from './mutations.ts';
import { plan } from './rotating.ts';
import type { Tamper } from './wire.ts';

const BAIT = 'evil.example';
const EVE = 'eve@example.org';
const MUTATIONS = count(20, 500);
/** Of no use to a client that unlocks by password, and shown nowhere: another value does nothing. */
const UNUSED = /^\.(?:email|slots\.\d\.(?:locator|revision|createdAtMs|usedAtMs))$/;

let host: Host;
let pins: MemoryPins;
/** What the server says to the other account. */
let eves: { account: Members; vault: Members };
let network = 0;

/** Each in a network of its own: what is counted for one is not counted for the others. */
function deviceOf(known?: MemoryPins, over: (fetch: Fetch) => Fetch = (fetch) => fetch): Device {
	const fetch = browserOf(host, `198.51.100.${(++network % 250) + 1}`);
	return new Device(over(fetch), known, { now: () => Date.now() });
}

beforeAll(async () => {
	host = await Host.open({
		...{ LIMIT_FAILURES_ACCOUNT: '100000/m', LIMIT_AUTH: '100000/m', LIMIT_READS: '100000/m' },
		...{ LIMIT_REQUESTS: '100000/m', LIMIT_FAILURES_HERE: '100000/m' }
	});
	// The first account of a server needs its set-up code.
	await new Person(host).register();
	const device = deviceOf();
	({ pins } = device);
	await device.keyholder.prepare(EMAIL, PASSWORD);
	await device.keyholder.register();
	await device.add('a', 'b');
	device.keyholder.lock();
	const eve = deviceOf();
	await eve.keyholder.prepare(EVE, PASSWORD);
	await eve.keyholder.register();
	await eve.add('theirs');
	eve.keyholder.lock();
	await eve.unlock(EVE);
	const told = (path: RegExp) =>
		JSON.parse(
			eve.wire.exchanges.findLast((each) => path.test(each.path) && each.status === 200)?.answer ??
				''
		) as Members;
	eves = { account: told(/\/account\?/), vault: told(/\/vaults\/[^/]+\?/) };
});

afterAll(async () => {
	await host.remove();
});

/** Unlocks against an attacker. `needed`: what must still be asked to judge what was forged. */
async function refused(tamper: Tamper, code: KeyholderErrorCode, needed = 0): Promise<void> {
	const device = deviceOf(pins);
	device.wire.tamper = tamper;
	await expectRefused(device, code, () => device.unlock(), needed);
}

async function expectRefused(
	device: Device,
	code: KeyholderErrorCode,
	action: () => Promise<unknown>,
	needed = 0
): Promise<void> {
	const before = device.pins.snapshot();
	expect(await errorOf(action)).toMatchObject({ name: 'KeyholderError', code });
	expect(device.wire.forgeries).toBeGreaterThan(0);
	expect(device.wire.sentAfterForgery).toBe(needed);
	expect(device.pins.snapshot()).toBe(before);
	expect(device.wire.sent()).not.toContain(PASSWORD);
}

/** Changes what is said of the vault, whichever it is. */
function ofVault(change: (json: Members) => Members): Tamper {
	return ({ status, json }, { path }) =>
		status < 300 && /\/vaults\/[^/]+(\?|$)/.test(path)
			? { json: change(json as Members) }
			: undefined;
}

function withSlots(change: (slots: Members[]) => unknown[]): Tamper {
	return changing('/account', (json) => ({ ...json, slots: change(json['slots'] as Members[]) }));
}

function flipped(blob: unknown, at: number): string {
	const bytes = Buffer.from(String(blob), 'base64url');
	bytes[at] = (bytes[at] ?? 0) ^ 0xff;
	return bytes.toString('base64url');
}

describe('in front of the real server, an attacker', () => {
	test('H02: who hands out a salt of another length is refused', () =>
		refused(
			changing('/auth/challenge', (json) => ({ ...json, salt: 'AAAAAAAAAAA' })),
			'format'
		));

	test('H03: who answers a proof with another wrap is refused', async () => {
		const [vault] = eves.account['vaults'] as Members[];
		const wrap = vault?.['keyWrap'];
		await refused(
			changing('/auth/verify', (json) => ({ ...json, wrap })),
			'integrity',
			1
		);
	});

	test('H04: who adds a way in is refused', () =>
		refused(
			withSlots((slots) => [...slots, { ...slots.at(-1), id: 'AAECAwQFBgcICQoLDA0ODw' }]),
			'integrity'
		));

	test('H05: who answers a copy with the secret of another key is refused', async () => {
		const device = deviceOf(pins);
		await device.unlock();
		await device.valueOf('b');
		const { secrets } = JSON.parse(device.wire.exchanges.at(-1)?.answer ?? '') as {
			secrets: Members[];
		};
		device.wire.tamper = changing('/secrets', (json) => ({
			secrets: (json['secrets'] as Members[]).map((secret) => ({
				...secret,
				blob: secrets[0]?.['blob']
			}))
		}));
		await expectRefused(device, 'integrity', () => device.valueOf('a'));
	});

	test('H09: who sends a record of another suite is refused', () =>
		refused(
			ofVault((json) => {
				const manifest = json['manifest'] as Members;
				const bytes = Buffer.from(String(manifest['blob']), 'base64url');
				bytes[0] = 2;
				return { ...json, manifest: { ...manifest, blob: bytes.toString('base64url') } };
			}),
			'unsupported'
		));

	test('H10: who changes answers at random is refused each time', async () => {
		const paths = [/\/auth\/verify$/, /\/account\?/, /\/vaults\/[^/]+\?/];
		for (let seed = 0; seed < MUTATIONS; seed++) {
			const device = deviceOf(pins);
			const path = paths[seed % paths.length] ?? /./;
			let where = '';
			device.wire.tamper = ({ json, status }, request) => {
				if (status >= 300 || !path.test(request.path) || device.wire.forgeries > 0)
					return undefined;
				const mutated = mutate(json, new Dice(seed), UNUSED);
				({ where } = mutated);
				return 'text' in mutated ? { text: mutated.text } : { json: mutated.json };
			};
			const before = pins.snapshot();
			const error = await errorOf(() => device.unlock()).catch(() => 'it was not refused');
			expect(error, `seed ${seed}: ${where}`).toBeInstanceOf(KeyholderError);
			expect(device.wire.sentAfterForgery, `seed ${seed}: ${where}`).toBeLessThan(2);
			expect(pins.snapshot()).toBe(before);
		}
		record('answers of the real server changed at random', MUTATIONS, 'all refused');
	});

	test('H12: who serves the vault of another account is refused', () =>
		refused(
			ofVault(() => eves.vault),
			'integrity'
		));

	test('H13: who serves the vault key of another account is refused', () =>
		refused(
			changing('/account', (json) => ({
				...json,
				vaults: (json['vaults'] as Members[]).map((vault) => ({
					...vault,
					keyWrap: (eves.account['vaults'] as Members[])[0]?.['keyWrap']
				}))
			})),
			'integrity'
		));

	test('H14: who offers a reserved kind of slot is refused', () =>
		refused(
			changing('/auth/challenge', (json) => ({ ...json, kind: 4 })),
			'unsupported'
		));

	test('H15: who serves a key full of addresses learns of no other request', async () => {
		const asked: string[] = [];
		const device = deviceOf(undefined, (fetch) => (url, init) => {
			asked.push(url);
			return fetch(url, init);
		});
		await device.unlock();
		const { overview, secret } = newKey('https://evil.example/name');
		const url = 'https://evil.example/icon.png';
		const vault = device.vault.id;
		await device.keyholder.save([
			{ kind: 'add', vault, overview: { ...overview, url, note: `<img src="${url}">` }, secret }
		]);
		await device.valueOf('https://evil.example/name');
		await device.keyholder.refresh();
		const known = Object.values(routes).map(({ path }) => path.replace(/:[a-z]+/g, '[\\w-]{22}'));
		const allowed = new RegExp(`^https://vault\\.example\\.org(?:${known.join('|')})(?:\\?|$)`);
		expect(asked.length).toBeGreaterThan(5);
		expect(asked.filter((each) => !allowed.test(each))).toEqual([]);
		await device.drop('https://evil.example/name');
	});

	test('H16: who names another email shows it to nobody', async () => {
		const device = deviceOf(pins);
		device.wire.tamper = changing('/account', (json) => ({ ...json, email: EVE }));
		expect((await device.unlock()).email).toBe(EMAIL);
		expect(JSON.stringify(device.keyholder.view())).not.toContain(EVE);
	});

	test('H20: who commits a wrap to another key is refused', () =>
		refused(
			changing('/auth/verify', (json) => ({ ...json, wrap: flipped(json['wrap'], 40) })),
			'integrity',
			1
		));

	test.each([
		['a member named constructor', (text: string) => text.replace('{', '{"constructor":{},')],
		['a member named __proto__', (text: string) => text.replace('{', '{"__proto__":{"x":1},')],
		['depth 10,000', () => `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
		['2^53 for a seq', (text: string) => text.replace(/"seq":\d+/, '"seq":9007199254740992')]
	])('H21: who sends %s is refused', async (_, change) => {
		await refused(({ status, json }, { path }) => {
			const account = status < 300 && path.split('?', 1)[0]?.endsWith('/account') === true;
			return account ? { text: change(JSON.stringify(json)) } : undefined;
		}, 'format');
	});

	test('H22: who adds a way in before a rotation is switched is refused', async () => {
		const device = deviceOf(pins);
		await device.unlock();
		await plan(device);
		device.wire.tamper = withSlots((slots) => [
			...slots,
			{ ...slots.at(-1), id: 'AAECAwQFBgcICQoLDA0ODw' }
		]);
		await expectRefused(device, 'integrity', () => device.keyholder.rotations.run());
		expect(device.wire.requests()).not.toContain('POST /api/v1/account/rotation');
	});

	test('H23: who answers with another account is refused before anything is derived', async () => {
		const device = deviceOf(pins);
		const account = randomBytes(16).toString('base64url');
		device.wire.tamper = changing('/auth/challenge', (json) => ({ ...json, account }));
		await expectRefused(device, 'rollback', () => device.unlock());
		expect(device.derived).toEqual([]);
	});
});

describe('in front of the real server, an attacker who', () => {
	let device: Device;
	let discarding: boolean;

	beforeEach(async () => {
		discarding = false;
		device = deviceOf(pins, (fetch) => async (url, init) => {
			if (!discarding || !url.endsWith('/commits')) return await fetch(url, init);
			const { expected } = JSON.parse(init.body as string) as { expected: { seq: number } };
			return Response.json({ outcome: 'stored', seq: expected.seq + 1 });
		});
		await device.unlock();
	});

	test('H19: puts words into an error has none of them told', async () => {
		const problem = { type: 'about:blank', title: BAIT, status: 503, code: 'busy', number: BAIT };
		device.wire.tamper = () => ({
			...{ status: 503, type: 'application/problem+json', json: problem }
		});
		const error = await errorOf(() => device.keyholder.refresh());
		expect(error).toMatchObject({ code: 'busy' });
		const { code, message, detail } = error as KeyholderError;
		expect(JSON.stringify({ code, message, detail })).not.toContain(BAIT);
	});

	// The last: this device now remembers a commit that the server never got.
	test('H18: acknowledges a write and discards it is found out at the next look', async () => {
		discarding = true;
		await device.add('lost');
		discarding = false;
		await expect(device.keyholder.refresh()).rejects.toMatchObject({ code: 'rollback' });
		const later = deviceOf(pins);
		await expect(later.unlock()).rejects.toMatchObject({ code: 'rollback' });
	});
});
