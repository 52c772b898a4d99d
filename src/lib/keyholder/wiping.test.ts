import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Authenticator } from '../../../tests/hostile/authenticator.ts';
import {
	EMAIL,
	errorOf,
	ORIGIN,
	PASSWORD,
	World,
	type Device
} from '../../../tests/hostile/harness.ts';
import { MemoryPins } from '../../../tests/hostile/memory-pins.ts';
import { changing, vaultPath } from '../../../tests/hostile/moves.ts';
import { refusal } from '../../../tests/refusals.ts';

/** Every key that was derived, by its name: the memory itself, so that wiping shows. */
let derived: { readonly name: string; readonly bytes: Uint8Array }[] = [];

beforeEach(() => {
	derived = [];
	const derive = crypto.subtle.deriveBits.bind(crypto.subtle);
	vi.spyOn(crypto.subtle, 'deriveBits').mockImplementation(async (algorithm, key, length) => {
		const bits = await derive(algorithm, key, length);
		const info = new TextDecoder('latin1').decode((algorithm as HkdfParams).info);
		derived.push({ name: info.split('\0')[0] ?? '', bytes: new Uint8Array(bits) });
		return bits;
	});
});

afterEach(() => {
	vi.restoreAllMocks();
});

/** Names of the keys, kept as plain bytes while they are used, that are still in memory. */
function left(): string[] {
	const kept = /slot\/|account\/|vault\/manifest|vault\/fingerprint/;
	const found = derived.filter(
		({ name, bytes }) => kept.test(name) && bytes.some((byte) => byte !== 0)
	);
	return found.map(({ name }) => name.replace('keyhold/v1/', ''));
}

async function known(ports: { pins?: MemoryPins } = {}): Promise<{ world: World; device: Device }> {
	const world = new World();
	const writer = await world.account(['a']);
	await writer.set({ theme: 'dark' });
	writer.keyholder.lock();
	derived = [];
	return { world, device: world.device(ports.pins) };
}

describe('the bytes of a password', () => {
	/** Everything that was encoded from {@link PASSWORD}. */
	let encoded: Uint8Array[] = [];

	beforeEach(() => {
		encoded = [];
		const encode = (text: string) => new Uint8Array(Buffer.from(text));
		vi.spyOn(TextEncoder.prototype, 'encode').mockImplementation((text = '') => {
			const bytes = encode(text);
			if (text === PASSWORD) encoded.push(bytes);
			return bytes;
		});
	});

	function passwords(): string[] {
		return encoded.filter((bytes) => bytes.some((byte) => byte !== 0)).map(String);
	}

	test('are gone after an unlock', async () => {
		const { device } = await known();
		await device.unlock();
		expect(encoded.length).toBeGreaterThan(0);
		expect(passwords()).toEqual([]);
	});

	test('are gone when the server does not answer', async () => {
		const { device } = await known();
		encoded = [];
		device.wire.tamper = () => 'nothing';
		expect(await errorOf(() => device.unlock())).toMatchObject(refusal('offline'));
		expect(encoded).toHaveLength(1);
		expect(passwords()).toEqual([]);
	});

	test('are gone when the challenge is refused', async () => {
		const { device } = await known();
		encoded = [];
		device.wire.tamper = changing('/challenge', (json) => ({ ...json, profile: 0 }));
		expect(await errorOf(() => device.unlock())).toMatchObject(refusal('kdf-refused'));
		expect(encoded).toHaveLength(1);
		expect(passwords()).toEqual([]);
	});

	test('are gone when deriving fails', async () => {
		const { world } = await known();
		encoded = [];
		const derive = () => Promise.reject(new RangeError('no memory'));
		await errorOf(() => world.device(new MemoryPins(), { derive }).unlock());
		expect(encoded).toHaveLength(1);
		expect(passwords()).toEqual([]);
	});

	test('are gone when a lock comes while deriving, and so is the root that comes later', async () => {
		const { world } = await known();
		encoded = [];
		const root = new Uint8Array(32).fill(7);
		let finish: () => void = () => undefined;
		const derive = () =>
			new Promise<typeof root>((resolve) => {
				finish = () => {
					resolve(root);
				};
				device.keyholder.lock();
			});
		const device = world.device(new MemoryPins(), { derive });
		expect(await errorOf(() => device.unlock())).toMatchObject(refusal('locked'));
		await vi.waitFor(() => {
			expect(encoded).toHaveLength(1);
			expect(passwords()).toEqual([]);
		});
		finish();
		await vi.waitFor(() => {
			expect(root).toEqual(new Uint8Array(32));
		});
	});
});

describe('the keys of an account', () => {
	test('are there while it is unlocked, and gone once it is locked', async () => {
		const { device } = await known();
		await device.unlock();
		expect(left().sort()).toEqual([
			'account/manifest',
			'account/settings',
			'account/vault-wrap',
			'vault/fingerprint',
			'vault/manifest'
		]);
		device.keyholder.lock();
		expect(left()).toEqual([]);
	});

	test('are gone when preparing fails after deriving', async () => {
		class Forgetful extends MemoryPins {
			override deviceId(): Promise<string> {
				return Promise.reject(new Error('no storage'));
			}
		}
		const device = new World().device(new Forgetful());
		await errorOf(() => device.keyholder.prepare(EMAIL, PASSWORD));
		expect(derived.length).toBeGreaterThan(0);
		expect(left()).toEqual([]);
	});

	test('are gone when a lock comes while preparing', async () => {
		class Locking extends MemoryPins {
			lock: () => void = () => undefined;
			override deviceId(): Promise<string> {
				this.lock();
				return super.deviceId();
			}
		}
		const pins = new Locking();
		const device = new World().device(pins);
		pins.lock = () => {
			device.keyholder.lock();
		};
		const refused = await errorOf(() => device.keyholder.prepare(EMAIL, PASSWORD));
		expect(refused).toMatchObject(refusal('locked'));
		await vi.waitFor(() => {
			expect(derived.some(({ name }) => name.includes('vault/manifest'))).toBe(true);
			expect(left()).toEqual([]);
		});
	});

	test.each([
		['settings', '/account', 'settings'],
		['sheets', 'vault', 'sheets']
	])('are gone when the %s do not verify', async (_, path, member) => {
		const { world, device } = await known();
		device.wire.tamper = changing(path === 'vault' ? vaultPath(world) : path, (json) => {
			const rest = Object.entries(json).filter(([name]) => name !== member);
			return { ...Object.fromEntries(rest), ...(member === 'sheets' ? { sheets: [] } : {}) };
		});
		expect(await errorOf(() => device.unlock())).toMatchObject(refusal('integrity'));
		expect(derived.some(({ name }) => name.includes('account/manifest'))).toBe(true);
		expect(left()).toEqual([]);
	});

	test('are gone when the pins cannot be stored', async () => {
		class Full extends MemoryPins {
			override save(): Promise<void> {
				return Promise.reject(new Error('no room'));
			}
		}
		const { device } = await known({ pins: new Full() });
		await errorOf(() => device.unlock());
		expect(derived.some(({ name }) => name.includes('vault/manifest'))).toBe(true);
		expect(left()).toEqual([]);
	});

	test('are gone when a lock comes before the last answer', async () => {
		const { world, device } = await known();
		device.wire.tamper = (_, { path }) => {
			if (path.includes(vaultPath(world))) device.keyholder.lock();
			return undefined;
		};
		expect(await errorOf(() => device.unlock())).toMatchObject(refusal('locked'));
		await vi.waitFor(() => {
			expect(left()).toEqual([]);
		});
	});

	test('are gone when a lock comes while the pins are stored', async () => {
		class Slow extends MemoryPins {
			lock: () => void = () => undefined;
			override async save(change: Parameters<MemoryPins['save']>[0]): Promise<void> {
				await super.save(change);
				this.lock();
			}
		}
		const pins = new Slow();
		const { device } = await known({ pins });
		pins.lock = () => {
			device.keyholder.lock();
		};
		expect(await errorOf(() => device.unlock())).toMatchObject(refusal('locked'));
		await vi.waitFor(() => {
			expect(left()).toEqual([]);
		});
	});
});

/** The keys of an open account; anything besides is a slot's that should be gone. */
const OF_ACCOUNT = [
	'account/manifest',
	'account/settings',
	'account/vault-wrap',
	'vault/fingerprint',
	'vault/manifest'
];

describe('the keys of a slot', () => {
	test('wait for a code, and are gone when its time is over', async () => {
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
		try {
			const { world, device } = await known();
			world.stored().factor.on = true;
			await device.keyholder.unlock(EMAIL, PASSWORD);
			expect(left()).toEqual(['slot/kek']);
			vi.advanceTimersByTime(120_000);
			expect(left()).toEqual([]);
		} finally {
			vi.useRealTimers();
		}
	});

	test.each([
		[
			'a lock',
			(device: Device) => {
				device.keyholder.lock();
				return Promise.resolve();
			}
		],
		['another sign-in', (device: Device) => device.keyholder.unlock(EMAIL, 'another password')],
		['a passkey that is asked for', (device: Device) => device.keyholder.askPasskey()]
	])('are gone with %s, if they wait for a code', async (_name, action) => {
		const { world, device } = await known();
		world.stored().factor.on = true;
		await device.keyholder.unlock(EMAIL, PASSWORD);
		await action(device);
		expect(left()).toEqual([]);
	});

	test('are gone once a code was taken', async () => {
		const { world, device } = await known();
		world.asksForCode('123456');
		await device.keyholder.unlock(EMAIL, PASSWORD);
		await device.keyholder.unlockWithCode('123456');
		expect(left().sort()).toEqual(OF_ACCOUNT);
	});

	test('are gone once the account is open by a kit', async () => {
		const world = new World();
		const first = world.device();
		const { kit } = await first.keyholder.prepare(EMAIL, PASSWORD);
		await first.keyholder.register();
		first.keyholder.lock();
		derived = [];
		const device = world.device();
		await device.keyholder.unlockWithKit(EMAIL, kit, undefined);
		expect(
			left().filter((name) => name.startsWith('slot/') || name.startsWith('recovery'))
		).toEqual([]);
	});

	test('are gone once a passkey was added, and once it has opened the account', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const { ways } = device.keyholder;
		const authenticator = new Authenticator(ORIGIN);
		const passkey = { ...authenticator.make(await ways.offerPasskey()), name: 'Phone' };
		await ways.addPasskey(passkey, PASSWORD);
		expect(left().filter((name) => name.startsWith('slot/'))).toEqual([]);
		device.keyholder.lock();
		const touched = authenticator.touch(await device.keyholder.askPasskey());
		await device.keyholder.unlockWithPasskey(touched);
		expect(left().filter((name) => name.startsWith('slot/'))).toEqual([]);
	});

	test('are gone after a proof, a new password and a higher profile', async () => {
		const { world, device } = await known();
		await device.unlock();
		await device.keyholder.prove(PASSWORD);
		await device.keyholder.ways.changePassword(PASSWORD, 'another staple than before');
		expect(left().filter((name) => name.startsWith('slot/'))).toEqual([]);
		const later = world.device(undefined, { defaultProfile: 2 });
		await later.unlock(EMAIL, 'another staple than before');
		await later.keyholder.refresh();
		await vi.waitFor(() => {
			expect(left().filter((name) => name.startsWith('slot/'))).toEqual([]);
		});
	});

	test('are gone after a step-up that takes up a higher profile', async () => {
		const { world, device } = await known();
		await device.unlock();
		const authenticator = new Authenticator(ORIGIN);
		const offer = await device.keyholder.ways.offerPasskey();
		await device.keyholder.ways.addPasskey(
			{ ...authenticator.make(offer), name: 'Phone' },
			PASSWORD
		);
		const { keyholder } = world.device(device.pins, { defaultProfile: 2 });
		await keyholder.unlockWithPasskey(authenticator.touch(await keyholder.askPasskey()));
		await keyholder.typeEmail(EMAIL);
		await keyholder.prove(PASSWORD);
		await keyholder.refresh();
		expect(keyholder.view().slots.find(({ kind }) => kind === 'password')?.profile).toBe(2);
		await vi.waitFor(() => {
			expect(left().filter((name) => name.startsWith('slot/'))).toEqual([]);
		});
	});

	test('are gone when what they were derived for fails', async () => {
		const { device } = await known();
		await device.unlock();
		device.wire.tamper = changing('/auth/verify', (json) => ({ ...json, slot: 'wrong' }));
		const { ways } = device.keyholder;
		const change = () => ways.changePassword(PASSWORD, 'another staple than before');
		expect(await errorOf(change)).toMatchObject(refusal('format'));
		expect(left().filter((name) => name.startsWith('slot/'))).toEqual([]);
	});
});
