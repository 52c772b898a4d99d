/**
 * A world to attack a keyholder in: a server, devices, and what every attack is measured by.
 *
 * An attack is refused when the error is the expected one, nothing was sent after the forged
 * answer, no pin moved, and nothing secret was sent at any time.
 */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { Fetch } from '#lib/api/client.ts';
import { randomBytes } from '#lib/crypto/random.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { Overview, Secret, Settings } from '#lib/items/key.ts';
import { KeyholderError, type KeyholderErrorCode } from '#lib/keyholder/errors.ts';
import { Keyholder } from '#lib/keyholder/keyholder.ts';
import type { Ports } from '#lib/keyholder/ports.ts';
import type { AccountView, KeyRow, VaultView } from '#lib/keyholder/views.ts';
import { passwordBytes } from '#lib/protocol/password.ts';
import { found, needlesOf } from '../canary/needles.ts';
import { refusal } from '../refusals.ts';
import { keysOf } from './held-keys.ts';
import { MemoryPins } from './memory-pins.ts';
import type { StoredAccount, StoredVault } from './reference-records.ts';
import { ReferenceServer } from './reference-server.ts';
import { Wire } from './wire.ts';

export const ORIGIN = 'https://vault.example.org';
export const EMAIL = 'ada@example.org';
export const PASSWORD = 'correct horse battery fish';
export const NOW = 1_700_000_000_000;

/** As Argon2id in shape, not in cost: what is attacked here is everything but the guessing. */
export function cheapRoot(password: Bytes, salt: Bytes, profile: number): Bytes {
	const hash = createHash('sha256').update(Buffer.of(profile)).update(salt).update(password);
	return new Uint8Array(hash.digest());
}

/** One browser: a keyholder, its pins, its network. */
export class Device {
	readonly pins: MemoryPins;
	readonly wire: Wire;
	readonly keyholder: Keyholder;
	/** The salts that a password was derived with, in hexadecimal. */
	readonly derived: string[] = [];

	constructor(fetch: Fetch, pins = new MemoryPins(), ports: Partial<Ports> = {}) {
		this.pins = pins;
		this.wire = new Wire(fetch);
		this.keyholder = new Keyholder({
			origin: ORIGIN,
			fetch: this.wire.fetch,
			now: () => NOW,
			random: randomBytes,
			pins,
			derive: (password, salt, profile) => {
				this.derived.push(Buffer.from(salt).toString('hex'));
				return Promise.resolve(cheapRoot(password, salt, profile));
			},
			...ports
		});
	}

	/** The vault of an account that has one. */
	get vault(): VaultView {
		const [vault] = this.keyholder.view().vaults;
		if (vault === undefined) throw new Error('no vault');
		return vault;
	}

	row(name: string): KeyRow {
		const row = this.vault.keys.find(({ overview }) => overview.name === name);
		if (row === undefined) throw new Error(`no key ${name}`);
		return row;
	}

	get names(): string[] {
		return this.vault.keys.map(({ overview }) => overview.name).sort();
	}

	async unlock(email = EMAIL, password = PASSWORD): Promise<AccountView> {
		const { outcome } = await this.keyholder.unlock(email, password);
		expect(outcome).toBe('unlocked');
		return this.keyholder.view();
	}

	async add(...names: string[]): Promise<void> {
		const vault = this.vault.id;
		const edits = names.map((name) => ({ kind: 'add', vault, ...newKey(name) }) as const);
		expect((await this.keyholder.save(edits)).outcome).toBe('saved');
	}

	/** Writes a new value, as an edit of the values does. */
	async rewrite(name: string, value: string): Promise<void> {
		const base = this.row(name);
		const { overview, secret } = newKey(name, value);
		const edit = { kind: 'change', base, overview, secret } as const;
		expect((await this.keyholder.save([edit])).outcome).toBe('saved');
	}

	/** Saves settings as a form does that was opened just now. */
	async set(change: Partial<Settings>): Promise<void> {
		const { settings } = this.keyholder.view();
		const saved = await this.keyholder.saveSettings({ ...settings, ...change }, settings);
		expect(saved.outcome).toBe('saved');
	}

	async drop(name: string): Promise<void> {
		const edit = { kind: 'drop', base: this.row(name) } as const;
		expect((await this.keyholder.save([edit])).outcome).toBe('saved');
	}

	async valueOf(name: string): Promise<string | undefined> {
		const { vault, item } = this.row(name);
		const { secret } = await this.keyholder.read({ vault, item }, 'copy');
		return secret.fields[0]?.value;
	}
}

export class World {
	readonly server = new ReferenceServer(ORIGIN, () => NOW);
	/** Of every account: whoever changes one says so here, for its keys to be searched for. */
	password = PASSWORD;

	device(pins = new MemoryPins(), ports: Partial<Ports> = {}): Device {
		return new Device(this.server.device(), pins, ports);
	}

	/** A device with a new account, unlocked, with a key for each name. */
	async account(names: readonly string[] = [], email = EMAIL): Promise<Device> {
		const device = this.device();
		await device.keyholder.prepare(email, PASSWORD);
		expect(await device.keyholder.register()).toEqual({ outcome: 'registered' });
		if (names.length > 0) await device.add(...names);
		return device;
	}

	/** A device with a new account of which no commit has arrived yet: it has no settings. */
	async bareAccount(): Promise<Device> {
		const inner = this.server.device();
		let isCut = true;
		const device = new Device(async (url, init) => {
			if (isCut && url.endsWith('/commits')) throw new TypeError('connection lost');
			return await inner(url, init);
		});
		await device.keyholder.prepare(EMAIL, PASSWORD);
		expect(await device.keyholder.register()).toEqual({ outcome: 'registered' });
		isCut = false;
		return device;
	}

	/** Two tabs of one browser, one session: in the first is a new account, the second opens it next. */
	async tabs(names: readonly string[] = []): Promise<{ one: Device; other: Device }> {
		const fetch = this.server.device();
		const one = new Device(fetch);
		await one.keyholder.prepare(EMAIL, PASSWORD);
		await one.keyholder.register();
		if (names.length > 0) await one.add(...names);
		return { one, other: new Device(fetch, one.pins) };
	}

	/** The account asks for a second factor from now on, which this code is. */
	asksForCode(code: string): void {
		const { factor } = this.stored();
		factor.on = true;
		factor.codes.add(code);
	}

	/** As {@link account}, locked and with its session over: what it does next starts with a proof. */
	async knownDevice(names: readonly string[] = []): Promise<Device> {
		const device = await this.account(names);
		device.keyholder.lock();
		this.server.endSessions();
		return device;
	}

	stored(email = EMAIL): StoredAccount {
		const account = [...this.server.accounts.values()].find((each) => each.email === email);
		if (account === undefined) throw new Error('no such account');
		return account;
	}

	storedVault(email = EMAIL): StoredVault {
		const [vault] = this.stored(email).vaults.values();
		if (vault === undefined) throw new Error('no vault');
		return vault;
	}

	/** The server as it is now, to be served again later. */
	putBack(account: StoredAccount): void {
		this.server.accounts.set(account.id, account);
	}

	/** One of the account's own keys, by its name in {@link keysOf}. */
	async key(name: string): Promise<Bytes> {
		const password = passwordBytes(PASSWORD);
		const keys = await keysOf(this.stored(), (salt) => cheapRoot(password, salt, 1));
		const bytes = keys.find((key) => key.name === name)?.bytes;
		if (bytes === undefined) throw new Error(`no key ${name}`);
		return Uint8Array.from(bytes);
	}

	/** Fails the test if anything secret ever left `device`. */
	async expectSilent(device: Device): Promise<void> {
		const password = passwordBytes(this.password);
		const rootOf = (salt: Bytes) => cheapRoot(password, salt, 1);
		const accounts = [...this.server.accounts.values()];
		const keys = (await Promise.all(accounts.map((each) => keysOf(each, rootOf)))).flat();
		const needles = [
			...needlesOf('password', PASSWORD),
			...needlesOf('password', this.password),
			...needlesOf('value', VALUE_MARK),
			...needlesOf('name', NAME_MARK),
			...keys.flatMap(({ name, bytes }) => needlesOf(name, bytes))
		];
		expect(found(device.wire.sent(), needles)).toEqual([]);
	}

	/**
	 * Runs an attack and checks all that makes it refused.
	 *
	 * @param needed requests that the client must still send before it can judge what was forged:
	 * a slot's wrap is opened with numbers that come with the account.
	 */
	async refused(
		device: Device,
		code: KeyholderErrorCode,
		action: () => Promise<unknown>,
		needed = 0
	): Promise<KeyholderError> {
		const before = device.pins.snapshot();
		const error = await errorOf(action);
		expect(error).toBeInstanceOf(KeyholderError);
		if (!(error instanceof KeyholderError)) throw new Error('not refused');
		expect(error).toMatchObject(refusal(code));
		expect(device.wire.forgeries).toBeGreaterThan(0);
		expect(device.wire.sentAfterForgery).toBe(needed);
		expect(device.pins.snapshot()).toBe(before);
		await this.expectSilent(device);
		return error;
	}
}

/** Part of every name and value of these tests, to be searched for. */
const NAME_MARK = 'Marked-Name-4711';
const VALUE_MARK = 'sk_marked_0815_value';

export function nameOf(name: string): string {
	return `${name} ${NAME_MARK}`;
}

/** A key as the pages make it. */
export function newKey(name: string, value = name): { overview: Overview; secret: Secret } {
	return {
		overview: {
			v: 1,
			name,
			envVars: ['API_KEY'],
			tags: [],
			note: NAME_MARK,
			createdAt: NOW,
			changedAt: NOW,
			status: 'active',
			fields: [{ name: 'key', hidden: true }]
		},
		secret: { v: 1, fields: [{ name: 'key', value: `${VALUE_MARK} ${value}` }] }
	};
}

/** The value that {@link newKey} gives. */
export function valueOf(name: string): string {
	return `${VALUE_MARK} ${name}`;
}

export async function errorOf(action: () => Promise<unknown>): Promise<unknown> {
	try {
		await action();
	} catch (error) {
		return error;
	}
	throw new Error('it was not refused');
}
