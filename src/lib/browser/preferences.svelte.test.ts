import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Erasure } from '#lib/browser/erasure.svelte.ts';
import { AccountEnd } from '#lib/browser/preferences-account.svelte.ts';
import { EmailChange } from '#lib/browser/preferences-email.svelte.ts';
import { Preferences } from '#lib/browser/preferences.svelte.ts';
import { StepUp } from '#lib/browser/security-proof.svelte.ts';
import { settled } from '../../../tests/browser/settled.ts';
import { World } from '../../../tests/browser/world.ts';

const root: { dataset: Record<string, string> } = { dataset: {} };

beforeEach(() => {
	root.dataset = {};
	// The tests run without a document.
	vi.stubGlobal('document', { documentElement: root });
});
afterEach(() => {
	vi.unstubAllGlobals();
});

async function open() {
	const world = new World();
	await world.unlock();
	const { session } = world;
	const stepUp = new StepUp(session);
	return {
		world,
		stepUp,
		preferences: new Preferences(session),
		email: new EmailChange(session, stepUp),
		end: new AccountEnd(session, stepUp),
		erasure: new Erasure(session)
	};
}

describe('preferences', () => {
	test('are what holds where nothing was chosen', async () => {
		const { preferences } = await open();
		expect(preferences.now).toMatchObject({
			name: '',
			density: 'comfortable',
			idleMinutes: 15,
			onHide: false,
			afterSleep: true,
			clipboardSeconds: 30,
			characterKeys: true
		});
	});

	test('name the keys that are a single character, unless these are turned off', async () => {
		const { preferences } = await open();
		expect(preferences.letter('c')).toBe('c');
		await preferences.set({ characterKeys: false });
		expect(preferences.letter('c')).toBeUndefined();
	});

	test('are seen at once and saved', async () => {
		const { world, preferences } = await open();
		world.host.hold();
		const saving = preferences.set({ density: 'compact' });
		expect(preferences.now.density).toBe('compact');
		expect(preferences.saving).toBe(true);
		await world.host.release();
		expect(await saving).toBe('saved');
		expect(preferences.saving).toBe(false);
		expect(world.host.settings.density).toBe('compact');
	});

	test('of the lock are kept one beside the other', async () => {
		const { world, preferences } = await open();
		await preferences.set({ idleMinutes: 5 });
		await preferences.set({ onHide: true });
		expect(world.host.settings.autoLock).toEqual({ idleMinutes: 5, onHide: true });
	});

	test('chosen while others are on their way are not lost', async () => {
		const { world, preferences } = await open();
		world.host.hold();
		const first = preferences.set({ idleMinutes: 5 });
		const second = preferences.set({ onHide: true });
		await world.host.release();
		await Promise.all([first, second]);
		expect(preferences.now).toMatchObject({ idleMinutes: 5, onHide: true });
	});

	test('that cannot be saved are taken back, and it is said why', async () => {
		const { world, preferences } = await open();
		world.fail('offline');
		expect(await preferences.set({ density: 'compact' })).toBe('failed');
		expect(preferences.now.density).toBe('comfortable');
		expect(preferences.fault?.code).toBe('offline');
	});

	test('are not written into a state that does not verify', async () => {
		const { world, preferences } = await open();
		world.fail('rollback');
		await world.session.call((host) => host.sessions()).catch(() => undefined);
		world.host.fault = undefined;
		expect(await preferences.set({ density: 'compact' })).toBe('failed');
		expect(world.host.asked).not.toContain('saveSettings');
	});

	test.each([
		['fr', 'fr'],
		['de-AT', 'de'],
		['nl', undefined]
	])('of the language %s are %s', async (language, known) => {
		const { world, preferences } = await open();
		world.host.settings = { v: 1, vaults: {}, language };
		await world.session.look();
		expect(preferences.now.language).toBe(known);
	});

	test('show the theme that another device has chosen', async () => {
		const { world, preferences } = await open();
		world.host.settings = { v: 1, vaults: {}, theme: 'dark' };
		await world.session.look();
		preferences.showTheme();
		expect(root.dataset['theme']).toBe('dark');
	});
});

describe('another email', () => {
	test('waits for both links, then for the password', async () => {
		const { world, email } = await open();
		expect(await email.ask('new@example.org')).toBe('asked');
		expect(email.stage).toBe('waiting');
		world.host.emailState = {
			state: 'waiting',
			email: 'new@example.org',
			oldConfirmed: true,
			newConfirmed: true
		};
		await email.load();
		expect(email.stage).toBe('password');
		expect(await email.finish('wrong')).toBe('wrong-password');
		expect(await email.finish('right')).toBe('changed');
		expect(email.stage).toBe('none');
		expect(world.session.view?.email).toBe('new@example.org');
	});

	test('waits for the password alone where no mail is sent', async () => {
		const { world, email } = await open();
		world.host.mails = false;
		await email.ask('new@example.org');
		expect(email.stage).toBe('password');
		email.forget();
		expect(email.stage).toBe('none');
	});
});

describe('the end of the account', () => {
	test('locks, and forgets the email on this device', async () => {
		const { world, end } = await open();
		expect(await end.drop()).toBe('dropped');
		expect(world.session.phase).toBe('locked');
		expect(world.memory.email()).toBe('');
	});

	test('does not come without the password', async () => {
		const { world, stepUp, end } = await open();
		world.host.unproved = true;
		const dropping = end.drop();
		await settled();
		stepUp.cancel();
		expect(await dropping).toBe('cancelled');
		expect(world.session.phase).toBe('unlocked');
	});

	test('that comes by itself is known by its day', async () => {
		const { world, erasure } = await open();
		world.host.erasureState = { eraseAtMs: 99 };
		await erasure.look();
		expect(erasure.eraseAtMs).toBe(99);
		world.session.lock();
		expect(erasure.eraseAtMs).toBeUndefined();
	});
});
