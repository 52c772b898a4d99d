/** What a person does on the pages of Security and Settings, in the words of the message catalogue. */
import { createHmac } from 'node:crypto';
import { expect, type CDPSession, type Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';

/** Types the password where it is asked for once more. */
export async function stepUp(page: Page, password: string): Promise<void> {
	const dialog = page.getByRole('dialog', { name: m.stepup_title() });
	await dialog.getByLabel(m.stepup_password(), { exact: true }).fill(password);
	await dialog.getByRole('button', { name: m.stepup_go() }).click();
	await expect(dialog).toHaveCount(0);
}

/** Goes by the bar, or on a phone by the tabs. */
export async function goTo(page: Page, place: 'security' | 'settings'): Promise<void> {
	const name = place === 'security' ? m.nav_security() : m.nav_settings();
	await page.getByRole('link', { name, exact: true }).click();
	await expect(page.getByRole('heading', { level: 1, name, exact: true })).toBeVisible();
}

/** By the menu of the account. The answer takes the session from this browser: the next one comes after. */
export async function signOut(page: Page): Promise<void> {
	await page.getByRole('button', { name: m.account_menu(), exact: true }).click();
	await Promise.all([
		page.waitForResponse('**/api/v1/auth/session'),
		page.getByRole('menuitem', { name: m.account_sign_out() }).click()
	]);
}

/** An authenticator in the browser, with the PRF or without. */
export async function authenticator(
	page: Page,
	{ prf = true }: { readonly prf?: boolean } = {}
): Promise<{ readonly cdp: CDPSession; readonly id: string; remove(): Promise<void> }> {
	const cdp = await page.context().newCDPSession(page);
	await cdp.send('WebAuthn.enable');
	const { authenticatorId: id } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
		options: {
			protocol: 'ctap2',
			ctap2Version: 'ctap2_1',
			transport: 'internal',
			hasResidentKey: true,
			hasUserVerification: true,
			hasPrf: prf,
			isUserVerified: true,
			automaticPresenceSimulation: true
		}
	});
	const remove = async () => {
		await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: id });
	};
	return { cdp, id, remove };
}

/** Adds a passkey, from the security page and back to it. */
export async function addPasskey(
	page: Page,
	password: string,
	name: string,
	code?: string
): Promise<void> {
	await page.getByRole('button', { name: m.ways_passkey_add() }).click();
	const dialog = page.getByRole('dialog', { name: m.newpasskey_title() });
	await dialog.getByLabel(m.stepup_password(), { exact: true }).fill(password);
	await dialog.getByRole('button', { name: m.newpasskey_next() }).click();
	await dialog.getByRole('button', { name: m.newpasskey_touch() }).click();
	await dialog.getByLabel(m.newpasskey_name(), { exact: true }).fill(name);
	if (code !== undefined) await dialog.getByLabel(m.code_label(), { exact: true }).fill(code);
	await dialog.getByRole('button', { name: m.newpasskey_add(), exact: true }).click();
	await expect(dialog).toHaveCount(0);
	await expect(page.getByText(name, { exact: true })).toBeVisible();
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_MS = 30_000;

/** What an app shows for a seed (RFC 6238), some steps from now. */
export function codeOf(seed: string, steps = 0): string {
	const bits = Array.from(seed.replaceAll(' ', ''))
		.map((symbol) => BASE32.indexOf(symbol).toString(2).padStart(5, '0'))
		.join('');
	const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / STEP_MS) + steps));
	const mac = createHmac('sha1', key).update(counter).digest();
	const offset = (mac[19] ?? 0) % 16;
	const number = (mac.readUInt32BE(offset) % 2 ** 31) % 1_000_000;
	return number.toString().padStart(6, '0');
}
