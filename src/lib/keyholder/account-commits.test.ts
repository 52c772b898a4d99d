import { describe, expect, test } from 'vitest';
import { randomBytes } from '#lib/crypto/random.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import { decode, encode } from '#lib/encoding/base64url.ts';
import { openAccountManifest, sealAccountManifest } from '#lib/protocol/account-manifest.ts';
import { head } from '#lib/protocol/chain.ts';
import type { JsonObject } from '#lib/protocol/json.ts';
import { openSettings, sealSettings, SETTINGS_JSON_MAX_BYTES } from '#lib/protocol/settings.ts';
import { Device, EMAIL, errorOf, NOW, PASSWORD, World } from '../../../tests/hostile/harness.ts';
import { refusal } from '../../../tests/refusals.ts';

/** Writes as a client does that knows other preferences. */
async function writeSettings(world: World, json: object): Promise<void> {
	const stored = world.stored();
	const key = await world.key('account manifest key');
	const at = { account: stored.id, generation: 1, seq: stored.chain.seq };
	const blob = decode(stored.chain.blob);
	const before = await openAccountManifest(key, at, blob);
	const next = { ...at, seq: at.seq + 1 };
	const settings = await sealSettings(await world.key('settings key'), next, json, randomBytes);
	const prev = await head(before.prev, blob);
	const manifest = { ...before, ...next, prev, settingsHash: await sha256(settings) };
	stored.settings = encode(settings);
	stored.chain.push(encode(await sealAccountManifest(key, manifest, randomBytes)));
}

async function settingsOf(world: World): Promise<JsonObject> {
	const { id: account, chain, settings } = world.stored();
	const at = { account, generation: 1, seq: chain.seq };
	return openSettings(await world.key('settings key'), at, decode(settings ?? ''));
}

/** What each commit of the account said after the first, which names the vault. */
function languagesIn({ wire }: Device): unknown[] {
	const commits = wire.exchanges.filter(({ path }) => path === '/api/v1/account/commits');
	return commits.slice(1).map(({ body }) => (JSON.parse(body) as { language?: unknown }).language);
}

describe('settings', () => {
	test('that name a language of mails say so to the server, once', async () => {
		const world = new World();
		const device = await world.account();
		const { settings } = device.keyholder.view();
		const spoken = { ...settings, language: 'en' };
		await device.keyholder.saveSettings(spoken, settings);
		await device.keyholder.saveSettings({ ...spoken, theme: 'dark' }, spoken);
		expect(languagesIn(device)).toEqual(['en', undefined]);
		expect(device.keyholder.view().settings.language).toBe('en');
	});

	test('in a language that there are no mails in say nothing of it', async () => {
		const world = new World();
		const device = await world.account();
		const { settings } = device.keyholder.view();
		await device.keyholder.saveSettings({ ...settings, language: 'tlh' }, settings);
		expect(languagesIn(device)).toEqual([undefined]);
		expect(await settingsOf(world)).toMatchObject({ language: 'tlh' });
	});

	test('are there on the next device', async () => {
		const world = new World();
		const device = await world.account();
		const { settings } = device.keyholder.view();
		await device.keyholder.saveSettings(
			{ ...settings, theme: 'dark', clipboardSeconds: 45 },
			settings
		);
		const other = world.device();
		expect((await other.unlock()).settings).toMatchObject({ theme: 'dark', clipboardSeconds: 45 });
	});

	test('of two devices are joined, member by member', async () => {
		const world = new World();
		const device = await world.account();
		const other = world.device();
		await other.unlock();
		const { settings } = device.keyholder.view();
		await device.keyholder.saveSettings({ ...settings, theme: 'dark' }, settings);
		await other.keyholder.saveSettings({ ...settings, density: 'compact' }, settings);
		await device.keyholder.refresh();
		expect(device.keyholder.view().settings).toMatchObject({ theme: 'dark', density: 'compact' });
	});

	test('leave alone what came in after the form was opened', async () => {
		const world = new World();
		const device = await world.account();
		const { settings: base } = device.keyholder.view();
		const other = world.device();
		await other.unlock();
		await other.set({ theme: 'dark' });
		await device.keyholder.refresh();
		await device.keyholder.saveSettings({ ...base, density: 'compact' }, base);
		expect(device.keyholder.view().settings).toMatchObject({ theme: 'dark', density: 'compact' });
	});

	test('of a later client open the account, and are written again as they were', async () => {
		const world = new World();
		(await world.account(['a'])).keyholder.lock();
		await writeSettings(world, { v: 1, theme: 'sepia', autoLock: { idleMinutes: 99_999 } });
		const device = world.device();
		expect((await device.unlock()).settings).toEqual({ v: 1, vaults: {} });
		await device.set({ density: 'compact' });
		expect(await settingsOf(world)).toEqual({
			v: 1,
			theme: 'sepia',
			autoLock: { idleMinutes: 99_999 },
			density: 'compact'
		});
	});

	test('that lost a race do not make the vaults count as looked at', async () => {
		const world = new World();
		await world.account(['a']);
		let now = NOW;
		const device = world.device(undefined, { now: () => now });
		const other = world.device();
		await device.unlock();
		await other.unlock();
		await other.set({ theme: 'dark' });
		now += 60_000;
		await device.set({ density: 'compact' });
		expect(device.keyholder.view().verifiedAtMs).toBe(NOW);
		expect(device.vault.verifiedAtMs).toBe(NOW);
		expect((await device.keyholder.refresh()).verifiedAtMs).toBe(now);
	});

	test('raise the floor under the vault, and every device goes on above it', async () => {
		const world = new World();
		const device = await world.account(['a', 'b']);
		await device.add('c');
		const { settings } = device.keyholder.view();
		await device.keyholder.saveSettings({ ...settings, theme: 'dark' }, settings);
		const other = world.device();
		await other.unlock();
		await other.add('d');
		await device.keyholder.refresh();
		expect(device.names).toEqual(['a', 'b', 'c', 'd']);
	});

	test('that were saved say so, and of no key', async () => {
		const device = await new World().account();
		const { settings } = device.keyholder.view();
		const saved = await device.keyholder.saveSettings({ ...settings, theme: 'dark' }, settings);
		expect(saved).toEqual({ outcome: 'saved', keys: [], beside: [] });
	});

	test('that lose five races are not saved, and say so', async () => {
		const world = new World();
		const rival = await world.account();
		let races = 0;
		const inner = world.server.device();
		const device = new Device(async (url, init) => {
			if (url.endsWith('/account/commits')) await rival.set({ clipboardSeconds: 31 + races++ });
			return await inner(url, init);
		});
		const { settings } = await device.unlock();
		const changed = { ...settings, theme: 'dark' } as const;
		const save = () => device.keyholder.saveSettings(changed, settings);
		expect(await save()).toEqual({ outcome: 'conflict' });
		expect(races).toBe(5);
		expect((await settingsOf(world))['theme']).toBeUndefined();
	});

	test('whose answer was lost are found where they arrived, and written once', async () => {
		const world = new World();
		const device = await world.account();
		const { seq } = world.stored().chain;
		device.wire.tamper = (_, { path }) => {
			if (!path.endsWith('/account/commits')) return undefined;
			device.wire.tamper = undefined;
			return 'nothing';
		};
		await device.set({ theme: 'dark' });
		expect(world.stored().chain.seq).toBe(seq + 1);
		expect(device.keyholder.view().settings.theme).toBe('dark');
	});

	test('that do not fit with what another client wrote are refused, by a byte', async () => {
		const world = new World();
		(await world.account()).keyholder.lock();
		const added = ',"theme":"dark"'.length;
		for (const over of [0, 1]) {
			const own = { v: 1, vaults: {}, strange: '' };
			const room = SETTINGS_JSON_MAX_BYTES - JSON.stringify(own).length - added;
			await writeSettings(world, { ...own, strange: 'x'.repeat(room + over) });
			const device = world.device();
			await device.unlock();
			const saved = errorOf(() => device.set({ theme: 'dark' }));
			const detail = { size: SETTINGS_JSON_MAX_BYTES + 1, limit: SETTINGS_JSON_MAX_BYTES };
			if (over === 0) await expect(saved).rejects.toThrow('it was not refused');
			else expect(await saved).toMatchObject({ ...refusal('too-large'), detail });
		}
	});

	describe('that were never written', () => {
		/** An account whose first commit never reached the server. */
		async function bare(): Promise<{ world: World; device: Device }> {
			const world = new World();
			const inner = world.server.device();
			let isAway = true;
			const device = new Device(async (url, init) => {
				if (isAway && url.endsWith('/account/commits')) throw new TypeError('connection lost');
				return await inner(url, init);
			});
			await device.keyholder.prepare(EMAIL, PASSWORD);
			await device.keyholder.register();
			isAway = false;
			return { world, device };
		}

		test('stay unwritten when something else is', async () => {
			const { world, device } = await bare();
			await device.keyholder.ways.changePassword(PASSWORD, 'another staple than before');
			expect(world.stored().settings).toBeUndefined();
			expect(device.keyholder.view().settings).toEqual({ v: 1, vaults: {} });
		});

		test('are written whole, and read elsewhere', async () => {
			const { world, device } = await bare();
			await device.set({ theme: 'dark' });
			expect((await world.device().unlock()).settings).toMatchObject({ v: 1, theme: 'dark' });
		});
	});

	test('that are not settings are refused before anything is sent', async () => {
		const device = await new World().account();
		const sent = device.wire.exchanges.length;
		const wrong = { v: 1, vaults: {}, clipboardSeconds: -1 } as const;
		expect(await errorOf(() => device.keyholder.saveSettings(wrong, wrong))).toMatchObject(
			refusal('invalid')
		);
		expect(device.wire.exchanges).toHaveLength(sent);
	});
});

describe('a commit of the account', () => {
	test('with another email is of an account of that email from then on', async () => {
		const device = await new World().account();
		const email = 'ada@lovelace.example';
		await device.keyholder.ways.changeEmail(email, PASSWORD);
		expect(await device.keyholder.typeEmail(EMAIL)).toEqual({ outcome: 'other' });
		expect(await device.keyholder.typeEmail(email)).toEqual({ outcome: 'taken' });
	});

	test('sends a vault that is new, and then one that is dropped', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const { vaults } = device.keyholder;
		expect((await vaults.make('Work')).outcome).toBe('made');
		expect(world.stored().vaults.size).toBe(2);
		const work = device.keyholder.view().vaults.find(({ name }) => name === 'Work');
		if (work === undefined) throw new Error('no vault');
		await device.keyholder.prove(PASSWORD);
		expect(await vaults.drop(work.id, work.seq)).toEqual({ outcome: 'dropped' });
		expect(world.stored().vaults.size).toBe(1);
		expect(device.names).toEqual(['a']);
	});

	test('leaves the other ways in where one is written anew, each as old as it was', async () => {
		let now = NOW;
		const world = new World();
		const device = world.device(undefined, { now: () => now });
		await device.keyholder.prepare(EMAIL, PASSWORD);
		await device.keyholder.register();
		const ages = () =>
			device.keyholder.view().slots.map(({ kind, createdAtMs }) => [kind, createdAtMs - NOW]);
		now += 1_000;
		await device.keyholder.ways.changePassword(PASSWORD, 'another staple than before');
		const wanted = [
			['password', 1_000],
			['recovery', 0]
		];
		expect(ages().sort()).toEqual(wanted);
		now += 1_000;
		await device.keyholder.ways.changeEmail('ada@lovelace.example', 'another staple than before');
		expect(ages().sort()).toEqual(wanted);
	});
});
