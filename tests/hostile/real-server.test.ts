/** The main moves again, with the real server behind the attacker: its answers, changed on the way. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KeyholderError, type KeyholderErrorCode } from '#lib/keyholder/errors.ts';
import { browserOf } from '../server/browser-of.ts';
import { Host } from '../server/host.ts';
import { Device, EMAIL, errorOf, nameOf, PASSWORD, valueOf } from './harness.ts';
import type { MemoryPins } from './memory-pins.ts';
import { changing, type Members } from './moves.ts';
import type { Forged, Tamper } from './wire.ts';

let host: Host;
let pins: MemoryPins;

/** What an honest server has said so far, by method and path: to be said again later. */
const said = new Map<string, unknown[]>();

function deviceOf(known?: MemoryPins): Device {
	const device = new Device(browserOf(host), known, { now: () => Date.now() });
	device.wire.tamper = ({ json }, { method, path }) => {
		const name = `${method} ${path}`;
		said.set(name, [...(said.get(name) ?? []), json]);
		return undefined;
	};
	return device;
}

beforeAll(async () => {
	host = await Host.open();
	const device = deviceOf();
	({ pins } = device);
	await device.keyholder.prepare(EMAIL, PASSWORD);
	await device.keyholder.register();
	await device.add(nameOf('a'), nameOf('b'));
	device.keyholder.lock();
	await device.unlock();
	await device.valueOf(nameOf('a'));
	await device.rewrite(nameOf('a'), 'new');
	await device.set({ theme: 'dark' });
	device.keyholder.lock();
}, 60_000);

afterAll(async () => {
	await host.remove();
});

/** A device that knows the account, unlocking against an attacker. */
async function refused(tamper: Tamper, code: KeyholderErrorCode): Promise<void> {
	const device = deviceOf(pins);
	device.wire.tamper = tamper;
	await expectRefused(device, code, () => device.unlock());
}

async function expectRefused(
	device: Device,
	code: KeyholderErrorCode,
	action: () => Promise<unknown>
): Promise<void> {
	const before = pins.snapshot();
	const error = await errorOf(action);
	expect(error).toBeInstanceOf(KeyholderError);
	expect(error).toMatchObject({ code });
	expect(device.wire.forgeries).toBe(1);
	expect(device.wire.sentAfterForgery).toBe(0);
	expect(pins.snapshot()).toBe(before);
}

/** Answers what matches `path` with what was said of it first. */
function replaying(path: RegExp): Tamper {
	return ({ status }, request): Forged | undefined => {
		if (status >= 300 || !path.test(request.path)) return undefined;
		return { json: [...said].find(([name]) => path.test(name))?.[1][0] };
	};
}

describe('in front of the real server, an attacker', () => {
	test('who changes nothing is not noticed', async () => {
		const device = deviceOf(pins);
		await device.unlock();
		expect(device.names).toEqual([nameOf('a'), nameOf('b')]);
		expect(await device.valueOf(nameOf('b'))).toBe(valueOf(nameOf('b')));
		expect(device.keyholder.view().settings.theme).toBe('dark');
	});

	test('who asks for a weaker derivation is refused', async () => {
		await refused(
			changing('/auth/challenge', (json) => ({ ...json, profile: 0 })),
			'kdf-refused'
		);
	});

	test('who adds a policy is refused', async () => {
		await refused(
			changing('/auth/verify', (json) => ({ ...json, policy: {} })),
			'format'
		);
	});

	test('who replays the account of before is refused', async () => {
		await refused(replaying(/\/account\?/), 'rollback');
	});

	test('who replays the vault of before is refused', async () => {
		await refused(replaying(/\/vaults\/[^/]+\?after=0&chain=/), 'rollback');
	});

	test('who hides a sheet is refused', async () => {
		const hiding: Tamper = ({ json }, { path }) =>
			/\/vaults\/[^/]+\?/.test(path) ? { json: { ...(json as Members), sheets: [] } } : undefined;
		await refused(hiding, 'integrity');
	});

	test('who replays the value of before is refused', async () => {
		const device = deviceOf(pins);
		await device.unlock();
		device.wire.tamper = replaying(/\/secrets$/);
		await expectRefused(device, 'integrity', () => device.valueOf(nameOf('a')));
	});
});
