/** Signing in by passkey with an authenticator in the browser: one touch, and every way that fails. */
import type { Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { expectOpen, turnFactorOn } from './door-steps.ts';
import { expect, expectAccessible, picture, test } from './fixtures.ts';
import { enter } from './keys.ts';
import { addKey, comeBack, newPerson, type Person, register, unlock } from './person.ts';
import { addPasskey, authenticator, codeOf, goTo } from './security-steps.ts';
import { Sent } from './sent.ts';

/** An account with a passkey, on a device that has then forgotten everything about it. */
async function forgottenWithPasskey(page: Page, person: Person): Promise<void> {
	await register(page, person);
	await addKey(page, 'Alpha', 'value-of-alpha');
	await goTo(page, 'security');
	await addPasskey(page, person.password, 'Laptop');
	await forgetDevice(page);
}

async function forgetDevice(page: Page): Promise<void> {
	await comeBack(page, '/login');
	await page.evaluate(async () => {
		localStorage.clear();
		for (const { name = '' } of await indexedDB.databases()) indexedDB.deleteDatabase(name);
	});
	await page.context().clearCookies();
	await page.goto('/login');
	await expect(page.getByLabel(m.unlock_email(), { exact: true })).toHaveValue('');
}

/** By the keyboard alone. */
async function touch(page: Page): Promise<void> {
	await enter(page, page.getByRole('button', { name: m.unlock_passkey() }));
}

/** A passkey of this site that the server never heard of. */
async function strangerPasskey(page: Page): Promise<void> {
	await page.evaluate(async () => {
		const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
		await navigator.credentials.create({
			publicKey: {
				challenge: random(32),
				rp: { id: location.hostname, name: 'Keyhold' },
				user: { id: random(16), name: 'nobody', displayName: 'nobody' },
				pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
				authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
				extensions: { prf: { eval: { first: random(32) } } }
			}
		});
	});
}

test('one touch signs in and unlocks, and no email is typed', async ({ page }) => {
	const person = newPerson();
	await authenticator(page);
	await forgottenWithPasskey(page, person);
	await expectAccessible(page);
	await picture(page, 'login-passkey');
	await touch(page);
	await page.waitForURL('**/wallet');
	await expect(page.getByRole('row', { name: 'Alpha' })).toBeVisible();
	await page.getByRole('button', { name: m.nav_lock(), exact: true }).click();
	// The email was typed nowhere, so there is none to remember.
	await expect(page.getByLabel(m.unlock_email(), { exact: true })).toHaveValue('');
	await unlock(page, person);
});

test('a device that knows the account keeps its email through a sign-in by passkey', async ({
	page
}) => {
	const person = newPerson();
	await authenticator(page);
	await register(page, person);
	await goTo(page, 'security');
	await addPasskey(page, person.password, 'Laptop');
	await page.getByRole('button', { name: m.nav_lock(), exact: true }).click();
	await touch(page);
	await expectOpen(page);
	await page.getByRole('button', { name: m.nav_lock(), exact: true }).click();
	await expect(page.getByText(person.email, { exact: true })).toBeVisible();
	await expect(page.getByLabel(m.unlock_email(), { exact: true })).toHaveCount(0);
});

test('neither the PRF result nor the password ever leaves the browser', async ({ page }) => {
	const secrets: Buffer[] = [];
	await page.exposeFunction('keepSecret', (hex: string) => secrets.push(Buffer.from(hex, 'hex')));
	await page.addInitScript(() => {
		const keepSecret = Reflect.get(window, 'keepSecret') as (hex: string) => void;
		const container = navigator.credentials;
		for (const name of ['create', 'get'] as const) {
			const asked = container[name].bind(container) as (options: object) => Promise<Credential>;
			container[name] = async (options?: object) => {
				const made = (await asked(options ?? {})) as PublicKeyCredential;
				const first = made.getClientExtensionResults().prf?.results?.first as ArrayBuffer;
				const bytes = [...new Uint8Array(first)];
				keepSecret(bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(''));
				return made;
			};
		}
	});
	const sent = new Sent(page);
	const person = newPerson();
	await authenticator(page);
	await forgottenWithPasskey(page, person);
	await touch(page);
	await page.waitForURL('**/wallet');

	expect(sent.count('/auth/verify')).toBeGreaterThan(0);
	expect(sent.count('/account/commits')).toBeGreaterThan(0);
	expect(secrets.length).toBeGreaterThan(1);
	sent.expectNothingOf([...secrets, Buffer.from(person.password)], person.email);
});

test('a passkey needs no code where the password does', async ({ page }) => {
	const person = newPerson();
	await authenticator(page);
	await register(page, person);
	await goTo(page, 'security');
	const { seed } = await turnFactorOn(page, person);
	await addPasskey(page, person.password, 'Laptop', codeOf(seed, 1));
	await forgetDevice(page);
	await touch(page);
	await expectOpen(page);
});

test('without user verification nothing is signed, and it says so', async ({ page }) => {
	const person = newPerson();
	const { cdp, id } = await authenticator(page);
	await forgottenWithPasskey(page, person);
	await cdp.send('WebAuthn.setUserVerified', { authenticatorId: id, isUserVerified: false });
	await touch(page);
	await expect(page.getByText(m.unlock_passkey_cancelled())).toBeVisible();
	await expect(page.getByRole('button', { name: m.unlock_passkey() })).toBeFocused();
	await expectAccessible(page);
	await unlock(page, person);
});

test('a touch that does not come can be stopped', async ({ page }) => {
	const person = newPerson();
	const { cdp, id } = await authenticator(page);
	await forgottenWithPasskey(page, person);
	await cdp.send('WebAuthn.setAutomaticPresenceSimulation', {
		authenticatorId: id,
		enabled: false
	});
	await touch(page);
	await expect(page.getByRole('button', { name: m.unlock_step_touch() })).toBeVisible();
	await expectAccessible(page);
	await picture(page, 'login-touching');
	await page.getByRole('button', { name: m.stop() }).click();
	await expect(page.getByText(m.unlock_passkey_cancelled())).toBeVisible();
	await unlock(page, person);
});

test('a passkey that the server does not know is said, and the password opens', async ({
	page
}) => {
	const person = newPerson();
	await register(page, person);
	await comeBack(page, '/login');
	await authenticator(page);
	await strangerPasskey(page);
	await touch(page);
	await expect(page.getByText(m.unlock_passkey_unknown())).toBeVisible();
	await expectAccessible(page);
	await unlock(page, person);
});

/** The authenticator of the browser forgets the PRF of a passkey that is put back: anything stands in. */
async function withAnyPrf(page: Page): Promise<void> {
	await page.evaluate(() => {
		const { credentials } = navigator;
		const get = credentials.get.bind(credentials);
		credentials.get = async (options) => {
			const credential = await get(options);
			const prf = { results: { first: crypto.getRandomValues(new Uint8Array(32)).buffer } };
			const value = () => ({ prf });
			if (credential !== null) {
				Object.defineProperty(credential, 'getClientExtensionResults', { value });
			}
			return credential;
		};
	});
}

test('a copy whose count has gone back is refused by the server, and one of another site is not there', async ({
	page
}) => {
	const person = newPerson();
	const { cdp, id: authenticatorId } = await authenticator(page);
	await forgottenWithPasskey(page, person);
	await touch(page);
	await expectOpen(page);
	await forgetDevice(page);
	await withAnyPrf(page);
	const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
	const [passkey] = credentials;
	if (passkey === undefined) throw new Error('no passkey');
	const putBack = async (change: Partial<typeof passkey>) => {
		const credential = { ...passkey, ...change };
		await cdp.send('WebAuthn.clearCredentials', { authenticatorId });
		await cdp.send('WebAuthn.addCredential', { authenticatorId, credential });
	};
	const verified = () => page.waitForResponse('**/api/v1/auth/verify');
	await putBack({ rpId: 'elsewhere.example' });
	await touch(page);
	await expect(page.getByText(m.unlock_passkey_cancelled())).toBeVisible();
	await putBack({ signCount: 0 });
	const [refused] = await Promise.all([verified(), touch(page)]);
	expect(refused.status()).toBe(401);
	await expect(page.getByText(m.unlock_passkey_unknown())).toBeVisible();
	// So it was the count: one that has counted on is taken, and opens nothing without its PRF.
	await putBack({ signCount: passkey.signCount + 1 });
	const [taken] = await Promise.all([verified(), touch(page)]);
	expect(taken.status()).toBe(200);
	await expect(page).not.toHaveURL('**/wallet');
});

test('a passkey without PRF cannot open a vault, and nothing is asked of the server', async ({
	page
}) => {
	await page.goto('/login');
	await authenticator(page, { prf: false });
	await strangerPasskey(page);
	const asked: string[] = [];
	page.on('request', (request) => asked.push(new URL(request.url()).pathname));
	await touch(page);
	await expect(page.getByText(m.fault_no_prf())).toBeVisible();
	expect(asked).not.toContain('/api/v1/auth/verify');
	await expectAccessible(page);
});

test('a browser without passkeys offers none', async ({ page }) => {
	await page.addInitScript(() => {
		delete (globalThis as { PublicKeyCredential?: unknown }).PublicKeyCredential;
	});
	await page.goto('/login');
	await expect(page.getByRole('link', { name: m.unlock_forgot() })).toBeVisible();
	await expect(page.getByRole('button', { name: m.unlock_passkey() })).toHaveCount(0);
});
