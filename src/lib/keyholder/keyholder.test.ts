import { describe, expect, test } from 'vitest';
import { argon2id } from '#lib/crypto/kdf.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { UnlockStep } from '#lib/keyholder/views.ts';
import {
	cheapRoot,
	Device,
	EMAIL,
	errorOf,
	newKey,
	NOW,
	PASSWORD,
	valueOf,
	World
} from '../../../tests/hostile/harness.ts';

/** Lets the test decide when `fetch` goes on. */
class Gate {
	#open: () => void = () => undefined;
	#reached: () => void = () => undefined;
	readonly opened = new Promise<void>((resolve) => {
		this.#open = resolve;
	});
	readonly reached = new Promise<void>((resolve) => {
		this.#reached = resolve;
	});

	open(): void {
		this.#open();
	}

	async pass(): Promise<void> {
		this.#reached();
		await this.opened;
	}
}

/** A device whose answers to `path` wait behind a gate, once `armed`. */
function gated(world: World, path: string): { device: Device; gate: Gate; arm: () => void } {
	const inner = world.server.device();
	const gate = new Gate();
	let armed = false;
	const device = new Device(async (url, init) => {
		const response = await inner(url, init);
		if (armed && new URL(url).pathname.endsWith(path)) await gate.pass();
		return response;
	});
	return {
		device,
		gate,
		arm: () => {
			armed = true;
		}
	};
}

describe('locking', () => {
	test('hides everything', async () => {
		const device = await new World().account(['a']);
		const row = device.row('a');
		device.keyholder.lock();
		expect(() => device.keyholder.view()).toThrow(KeyholderError);
		const { keyholder } = device;
		for (const operation of [
			() => keyholder.refresh(),
			() => keyholder.read(row, 'copy'),
			() => keyholder.save([]),
			() => keyholder.saveSettings({ v: 1, vaults: {} }),
			() => keyholder.proveExport(PASSWORD),
			() => keyholder.readAll(),
			() => keyholder.register(),
			() => keyholder.fingerprint(row.vault, 'x')
		]) {
			expect(await errorOf(operation)).toMatchObject({ code: 'locked' });
		}
	});

	test('overwrites the keys that are bytes', async () => {
		const drawn: Bytes[] = [];
		const roots: Bytes[] = [];
		const world = new World();
		await world.account(['a']);
		const device = world.device(undefined, {
			derive: (password, salt, profile) => {
				drawn.push(password);
				const root = cheapRoot(password, salt, profile);
				roots.push(root);
				return Promise.resolve(root);
			}
		});
		await device.unlock();
		device.keyholder.lock();
		for (const bytes of [...drawn, ...roots]) expect(bytes.every((byte) => byte === 0)).toBe(true);
	});

	test('while unlocking ends it: it never becomes unlocked', async () => {
		const world = new World();
		await world.account(['a']);
		const { device, gate, arm } = gated(world, '/account');
		arm();
		const unlocking = errorOf(() => device.unlock());
		await gate.reached;
		device.keyholder.lock();
		expect(await unlocking).toMatchObject({ code: 'locked' });
		const sent = device.wire.exchanges.length;
		const pins = device.pins.snapshot();
		gate.open();
		await new Promise((resolve) => setTimeout(resolve, 20));
		expect(() => device.keyholder.view()).toThrow('locked');
		expect(device.wire.exchanges.length - sent).toBeLessThanOrEqual(1);
		expect(device.pins.snapshot()).toBe(pins);
	});

	test('while a save is under way ends it, and leaves no pin of it', async () => {
		const world = new World();
		await world.account(['a']);
		const { device, gate, arm } = gated(world, '/commits');
		await device.unlock();
		arm();
		const saving = errorOf(() => device.add('b'));
		await gate.reached;
		const pins = device.pins.snapshot();
		device.keyholder.lock();
		expect(await saving).toMatchObject({ code: 'locked' });
		gate.open();
		await new Promise((resolve) => setTimeout(resolve, 20));
		expect(device.pins.snapshot()).toBe(pins);
		await device.unlock();
		expect(device.names).toEqual(['a', 'b']);
	});

	test('lets nothing out that was made while keys were being wiped', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const sent = device.wire.exchanges.length;
		const saving = errorOf(() => device.add('b'));
		device.keyholder.lock();
		expect(await saving).toMatchObject({ code: 'locked' });
		await new Promise((resolve) => setTimeout(resolve, 20));
		expect(device.wire.exchanges).toHaveLength(sent);
	});

	test('does not wait for a server that never answers', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const silent = new Device(() => new Promise<Response>(() => undefined), device.pins);
		const unlocking = errorOf(() => silent.unlock());
		silent.keyholder.lock();
		expect(await unlocking).toMatchObject({ code: 'locked' });
	});
});

describe('unlock', () => {
	test('works with the real Argon2id', { timeout: 60_000 }, async () => {
		const world = new World();
		const device = world.device(undefined, { derive: argon2id });
		await device.keyholder.prepare(EMAIL, PASSWORD);
		await device.keyholder.register();
		device.keyholder.lock();
		expect(await device.keyholder.unlock(EMAIL, 'wrong')).toEqual({ outcome: 'wrong-password' });
		expect(await device.keyholder.unlock(EMAIL, PASSWORD)).toEqual({ outcome: 'unlocked' });
	});

	test('tells its steps in order, and how many keys it opens', async () => {
		const world = new World();
		await world.account(Array.from({ length: 70 }, (_, index) => `key ${String(index)}`));
		const steps: UnlockStep[] = [];
		await world.device().keyholder.unlock(EMAIL, PASSWORD, (step) => steps.push(step));
		// Two sheets, of 64 keys and of 6, in the order of their random ids.
		const between = steps.flatMap((step) => (step.step === 3 ? step.done : []))[1] ?? 0;
		expect([64, 6]).toContain(between);
		expect(steps).toEqual([
			{ step: 1 },
			{ step: 2 },
			{ step: 2, keys: 70 },
			{ step: 3, done: 0, total: 70 },
			{ step: 3, done: between, total: 70 },
			{ step: 3, done: 70, total: 70 }
		]);
	});

	test('inside a session asks for no second one', async () => {
		const world = new World();
		const device = await world.account(['a']);
		device.keyholder.lock();
		await device.unlock();
		const asked = device.wire.exchanges.findLast(({ path }) => path.endsWith('/auth/challenge'));
		expect(asked?.body).toContain('"purpose":8');
		expect(device.names).toEqual(['a']);
	});

	test('takes an email as it is typed, and shows it normalised', async () => {
		const world = new World();
		await world.account();
		const device = world.device();
		expect((await device.unlock('  ADA@example.org ')).email).toBe(EMAIL);
	});

	test('pins nothing for a wrong password', async () => {
		const world = new World();
		await world.account();
		const device = world.device();
		await device.keyholder.unlock(EMAIL, 'wrong');
		expect(device.pins.saves).toBe(0);
	});

	test.each(['', 'ada', 'a@b@c', 'a b@example.org'])('refuses %j for an email', async (email) => {
		const device = new World().device();
		expect(await errorOf(() => device.keyholder.unlock(email, PASSWORD))).toMatchObject({
			code: 'invalid'
		});
		expect(device.wire.exchanges).toEqual([]);
	});

	test('says offline when there is no answer, and works when there is', async () => {
		const world = new World();
		await world.account(['a']);
		const device = world.device();
		device.wire.tamper = () => 'nothing';
		expect(await errorOf(() => device.unlock())).toMatchObject({ code: 'offline' });
		device.wire.tamper = undefined;
		await device.unlock();
		expect(device.names).toEqual(['a']);
	});
});

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

describe('settings', () => {
	test('are there on the next device', async () => {
		const world = new World();
		const device = await world.account();
		const { settings } = device.keyholder.view();
		await device.keyholder.saveSettings({ ...settings, theme: 'dark', clipboardSeconds: 45 });
		const other = world.device();
		expect((await other.unlock()).settings).toMatchObject({ theme: 'dark', clipboardSeconds: 45 });
	});

	test('of two devices are joined, member by member', async () => {
		const world = new World();
		const device = await world.account();
		const other = world.device();
		await other.unlock();
		const { settings } = device.keyholder.view();
		await device.keyholder.saveSettings({ ...settings, theme: 'dark' });
		await other.keyholder.saveSettings({ ...settings, density: 'compact' });
		await device.keyholder.refresh();
		expect(device.keyholder.view().settings).toMatchObject({ theme: 'dark', density: 'compact' });
	});

	test('raise the floor under the vault, and every device goes on above it', async () => {
		const world = new World();
		const device = await world.account(['a', 'b']);
		await device.add('c');
		const { settings } = device.keyholder.view();
		await device.keyholder.saveSettings({ ...settings, theme: 'dark' });
		const other = world.device();
		await other.unlock();
		await other.add('d');
		await device.keyholder.refresh();
		expect(device.names).toEqual(['a', 'b', 'c', 'd']);
	});

	test('that are not settings are refused before anything is sent', async () => {
		const device = await new World().account();
		const sent = device.wire.exchanges.length;
		const wrong = { v: 1, vaults: {}, clipboardSeconds: -1 } as const;
		expect(await errorOf(() => device.keyholder.saveSettings(wrong))).toMatchObject({
			code: 'invalid'
		});
		expect(device.wire.exchanges).toHaveLength(sent);
	});
});

describe('an export', () => {
	test('needs the password once more', async () => {
		const device = await new World().account(['a']);
		expect(await errorOf(() => device.keyholder.readAll())).toMatchObject({ code: 'proof' });
	});

	test('may be made for ten minutes, and not a moment longer', async () => {
		const world = new World();
		let now = NOW;
		const device = world.device(undefined, { now: () => now });
		await world.account(['a']);
		await device.unlock();
		await device.keyholder.proveExport(PASSWORD);
		now += 599_999;
		expect(await device.keyholder.readAll()).toHaveLength(1);
		now += 1;
		expect(await errorOf(() => device.keyholder.readAll())).toMatchObject({ code: 'proof' });
		now = NOW;
		expect(await errorOf(() => device.keyholder.readAll())).toMatchObject({ code: 'proof' });
	});

	test(
		'opens every key, in the trash or not, and tells how far it is',
		{ timeout: 60_000 },
		async () => {
			const world = new World();
			const device = await world.account();
			const names = Array.from({ length: 501 }, (_, index) => `key ${String(index)}`);
			await device.add(...names);
			const base = device.row('key 7');
			const overview = { ...base.overview, trashedAt: NOW };
			await device.keyholder.save([{ kind: 'change', base, overview }]);
			await device.keyholder.proveExport(PASSWORD);
			const progress: string[] = [];
			const [vault] = await device.keyholder.readAll((done, total) => {
				progress.push(`${String(done)}/${String(total)}`);
			});
			expect(vault?.name).toBe('Personal');
			expect(vault?.keys).toHaveLength(501);
			for (const {
				overview: { name },
				secret
			} of vault?.keys ?? []) {
				expect(secret.fields[0]?.value).toBe(valueOf(name));
			}
			expect(progress).toEqual(['500/501', '501/501']);
		}
	);

	test('asks for the proof of each request anew', async () => {
		const device = await new World().account(['a']);
		await device.keyholder.proveExport(PASSWORD);
		await device.keyholder.readAll();
		await device.keyholder.readAll();
		const proofs = device.wire.exchanges.flatMap(
			({ headers }) => /keyhold-proof","([^"]+)/.exec(headers)?.[1] ?? []
		);
		expect(new Set(proofs).size).toBe(2);
	});

	test('sends nothing for a wrong password', async () => {
		const device = await new World().account(['a']);
		const sent = device.wire.exchanges.length;
		expect(await device.keyholder.proveExport('wrong')).toEqual({ outcome: 'wrong-password' });
		expect(device.wire.exchanges).toHaveLength(sent);
	});
});

describe('signing out', () => {
	test('locks, ends the session, and keeps the pins', async () => {
		const device = await new World().account(['a']);
		const pins = device.pins.snapshot();
		await device.keyholder.signOut();
		expect(() => device.keyholder.view()).toThrow('locked');
		expect(device.pins.snapshot()).toBe(pins);
		await device.unlock();
		const asked = device.wire.exchanges.findLast(({ path }) => path.endsWith('/auth/challenge'));
		expect(asked?.body).toContain('"purpose":1');
	});

	test('locks even if the server cannot be told', async () => {
		const device = await new World().account(['a']);
		device.wire.tamper = () => 'nothing';
		expect(await errorOf(() => device.keyholder.signOut())).toMatchObject({ code: 'offline' });
		expect(() => device.keyholder.view()).toThrow('locked');
	});
});

describe('a session that has ended', () => {
	test('is told, and nothing is lost', async () => {
		const world = new World();
		const device = await world.account(['a']);
		world.server.endSessions();
		expect(await errorOf(() => device.keyholder.refresh())).toMatchObject({ code: 'auth' });
		const edit = { kind: 'add', vault: device.vault.id, ...newKey('b') } as const;
		expect(await errorOf(() => device.keyholder.save([edit]))).toMatchObject({ code: 'auth' });
		expect(device.names).toEqual(['a']);
		await device.unlock();
		await device.add('b');
		expect(device.names).toEqual(['a', 'b']);
	});
});

describe('forgetting an email on this device', () => {
	test('lets it mean another account', async () => {
		const world = new World();
		const device = await world.knownDevice();
		world.server.accounts.clear();
		await world.account(['b']);
		world.server.endSessions();
		expect(await errorOf(() => device.unlock())).toMatchObject({ code: 'rollback' });
		await device.keyholder.forget(` ${EMAIL.toUpperCase()}`);
		await device.unlock();
		expect(device.names).toEqual(['b']);
	});
});
