/**
 * The main moves of a hostile server again, through the real program in a real browser: what the
 * person then reads, that nothing is open, and that nothing more is asked of the server.
 *
 * Every answer comes from the real server and is changed on its way. All of it is one person, who
 * has two keys, so the tests build on each other's state and not on each other's outcome.
 */
import type { BrowserContext, Page, Request, Route } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { clipboardText, expect, expectAccessible, test as base } from './fixtures.ts';
import { addKey, comeBack, newPerson, noted, type Person, register, unlock } from './person.ts';
import { watch } from './watch.ts';

const BAIT = 'Call +1 555 0100 or visit https://evil.example to restore access';

type Members = Record<string, unknown>;
type Change = (json: Members, asked: Members) => Members;

/** Answers of the server that an attacker changes. */
class Attacker {
	/** Requests to the interface that were sent after a forged answer. */
	readonly sentAfterwards: string[] = [];
	/** Workers that were started after the attack began. */
	readonly workers: string[] = [];
	/** Genuine answers so far, by the end of their path. */
	readonly #said = new Map<string, Members>();
	#forged = false;

	constructor(
		readonly context: BrowserContext,
		readonly page: Page
	) {
		context.on('request', (request) => {
			if (this.#forged && isInterface(request)) this.sentAfterwards.push(request.url());
		});
		page.on('worker', (worker) => this.workers.push(worker.url()));
	}

	/** Keeps what the server says at `path`, and lets it pass. */
	async listen(path: RegExp): Promise<void> {
		await this.context.route(matching(path), async (route) => {
			const response = await route.fetch();
			this.#said.set(path.source, (await response.json()) as Members);
			await route.fulfill({ response });
		});
	}

	said(path: RegExp): Members {
		const said = this.#said.get(path.source);
		if (said === undefined) throw new Error(`nothing was said at ${path.source}`);
		return said;
	}

	/** Changes what the server says at `path` from now on. */
	async change(path: RegExp, change: Change): Promise<void> {
		await this.#answer(path, async (route) => {
			const response = await route.fetch();
			const asked = (route.request().postDataJSON() ?? {}) as Members;
			const json = change((await response.json()) as Members, asked);
			return { response, json };
		});
	}

	/** Answers with a problem in the words of the attacker. */
	async complain(path: RegExp, status: number, problem: Members): Promise<void> {
		await this.#answer(path, () =>
			Promise.resolve({ status, contentType: 'application/problem+json', json: problem })
		);
	}

	async #answer(
		path: RegExp,
		make: (route: Route) => Promise<Parameters<Route['fulfill']>[0]>
	): Promise<void> {
		await this.context.route(matching(path), async (route) => {
			const answer = await make(route);
			this.#forged = true;
			await route.fulfill(answer);
		});
	}
}

const ACCOUNT = /\/api\/v1\/account$/;
const CHALLENGE = /\/api\/v1\/auth\/challenge$/;
const SECRETS = /\/api\/v1\/vaults\/[^/]+\/secrets$/;
const VAULT = /\/api\/v1\/vaults\/[^/]+$/;
const VERIFY = /\/api\/v1\/auth\/verify$/;

interface Victim {
	readonly page: Page;
	readonly person: Person;
}

const test = base.extend<{ readonly attacker: Attacker }, { readonly victim: Victim }>({
	victim: [
		async ({ browser, server: { origin } }, use) => {
			const context = await browser.newContext({ baseURL: origin });
			await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
			const faults = await watch(context, origin, []);
			const page = await context.newPage();
			const person = newPerson();
			await register(page, person);
			await addKey(page, 'Alpha', 'value-of-alpha');
			await addKey(page, 'Beta', 'value-of-beta');
			await use({ page, person });
			await context.close();
			expect(faults).toEqual([]);
		},
		// Two derivations of a password, and a recovery kit, on a machine that may be busy.
		{ scope: 'worker', timeout: 180_000 }
	],

	attacker: async ({ victim: { page } }, use) => {
		const attacker = new Attacker(page.context(), page);
		await use(attacker);
		await page.context().unrouteAll({ behavior: 'wait' });
		await comeBack(page, 'about:blank');
	}
});

/** The password as typed on a page that knows the email, and no word yet of what comes of it. */
async function typePassword({ page, person }: Victim): Promise<void> {
	await comeBack(page, '/login');
	await page.getByLabel(m.unlock_password(), { exact: true }).fill(person.password);
	await page.getByRole('button', { name: m.unlock_button(), exact: true }).click();
}

async function open({ page, person }: Victim): Promise<void> {
	await comeBack(page, '/login');
	await unlock(page, person);
	await page.getByRole('row', { name: 'Alpha' }).waitFor();
}

/**
 * It says `sentence`, is locked, and asked the server for nothing more.
 *
 * @param proof Sent still: a vault that came before it is looked at after it.
 */
async function expectRefused(
	{ page }: Victim,
	attacker: Attacker,
	sentence: string,
	proof?: RegExp
): Promise<void> {
	await expect(page.getByText(sentence)).toBeVisible();
	await expect(page.getByRole('heading', { name: m.unlock_title(), exact: true })).toBeVisible();
	await expect(page.getByRole('row', { name: 'Alpha' })).toHaveCount(0);
	expect(attacker.sentAfterwards.filter((url) => proof?.test(url) !== true)).toEqual([]);
}

function copyOf(page: Page, name: string) {
	return page.getByRole('button', { name: m.wallet_copy_name({ name }) });
}

/** Copies a key and gives the genuine answer to it. */
async function secretOf(victim: Victim, attacker: Attacker, name: string): Promise<Members> {
	await attacker.listen(SECRETS);
	await Promise.all([noted(victim.page), copyOf(victim.page, name).click()]);
	await expect(victim.page.getByRole('group').getByText(m.wallet_copied())).toBeVisible();
	await victim.page.context().unrouteAll({ behavior: 'wait' });
	const [secret] = attacker.said(SECRETS)['secrets'] as Members[];
	return secret ?? {};
}

test('H01: a server that asks for another cost has nothing derived', async ({
	victim,
	attacker
}) => {
	await attacker.change(CHALLENGE, (json) => ({ ...json, profile: 0 }));
	await typePassword(victim);
	await expectRefused(victim, attacker, m.fault_kdf());
	expect(attacker.workers.filter((url) => url.includes('argon2'))).toEqual([]);
});

test('H05: a server that answers a copy with another key’s secret copies nothing', async ({
	victim,
	attacker
}) => {
	await open(victim);
	const { blob } = await secretOf(victim, attacker, 'Beta');
	await attacker.change(SECRETS, ({ secrets }) => ({
		secrets: (secrets as Members[]).map((secret) => ({ ...secret, blob }))
	}));
	await copyOf(victim.page, 'Alpha').click();
	await expect(victim.page.getByText(m.broken_integrity()).first()).toBeVisible();
	await victim.page.getByRole('button', { name: m.broken_details() }).click();
	await expect(victim.page.getByRole('dialog', { name: m.broken_title() })).toBeVisible();
	await expectAccessible(victim.page);
	await victim.page.keyboard.press('Escape');
	await expect(victim.page.getByRole('dialog')).toHaveCount(0);
	expect(await clipboardText(victim.page.context())).not.toContain('alpha');
	expect(attacker.sentAfterwards).toEqual([]);
});

test('H06: a server that hides the keys is refused', async ({ victim, attacker }) => {
	await attacker.change(VAULT, (json) => ({ ...json, sheets: [] }));
	await typePassword(victim);
	await expectRefused(victim, attacker, m.broken_integrity(), VERIFY);
});

test('H08: a server that answers a copy with the value of before copies nothing', async ({
	victim,
	attacker
}) => {
	const { page } = victim;
	await open(victim);
	const { blob } = await secretOf(victim, attacker, 'Alpha');
	await page.getByRole('row', { name: 'Alpha' }).click();
	await page.getByRole('button', { name: m.panel_edit() }).click();
	await page.getByLabel(m.form_value(), { exact: true }).fill('next-value-of-alpha');
	const save = page.getByRole('button', { name: m.form_save(), exact: true });
	await Promise.all([noted(page), save.click()]);
	await expect(page.getByText(m.panel_previous(), { exact: false }).first()).toBeVisible();
	await attacker.change(SECRETS, ({ secrets }) => ({
		secrets: (secrets as Members[]).map((secret) => ({ ...secret, blob }))
	}));
	await copyOf(page, 'Alpha').click();
	await expect(page.getByText(m.broken_integrity()).first()).toBeVisible();
	expect(attacker.sentAfterwards).toEqual([]);
});

test('H07: a server that serves the vault of before says so against its will', async ({
	victim,
	attacker
}) => {
	await attacker.listen(VAULT);
	await open(victim);
	const before = attacker.said(VAULT);
	await victim.page.context().unrouteAll({ behavior: 'wait' });
	await addKey(victim.page, 'Gamma', 'value-of-gamma');
	await attacker.change(VAULT, () => before);
	await typePassword(victim);
	await expectRefused(victim, attacker, m.broken_title(), VERIFY);
	await expect(victim.page.getByRole('button', { name: m.broken_look() })).toBeVisible();
});

test('H11: a server that adds a policy is refused', async ({ victim, attacker }) => {
	await attacker.change(ACCOUNT, (json) => ({
		...json,
		policy: { autoEnroll: true, recoveryPublicKey: 'AAAA', keyConnectorUrl: 'https://evil.example' }
	}));
	await typePassword(victim);
	await expectRefused(victim, attacker, m.broken_format());
});

test('H15: a key full of addresses has nothing fetched', async ({ victim }) => {
	const { page } = victim;
	await open(victim);
	const asked: string[] = [];
	page.context().on('request', (request) => asked.push(new URL(request.url()).origin));
	await page.getByRole('link', { name: m.wallet_add() }).first().click();
	await page.getByLabel(m.form_name(), { exact: true }).fill('//evil.example/name.png');
	await page.getByLabel(m.form_value(), { exact: true }).fill('https://evil.example/value.png');
	await page.getByLabel(m.form_url(), { exact: true }).fill('https://evil.example/icon.png');
	await page
		.getByLabel(m.form_note(), { exact: true })
		.fill('<img src="https://evil.example/note.png"> ![x](https://evil.example/note.png)');
	await page.getByRole('button', { name: m.form_keep() }).click();
	await page.waitForURL('**/wallet#key=*');
	await page.getByRole('button', { name: m.panel_reveal(), exact: true }).click();
	await expect(page.getByText('https://evil.example/value.png')).toBeVisible();
	await expect(page.locator('img, iframe, object, embed, video, audio')).toHaveCount(0);
	expect([...new Set(asked)]).toEqual([new URL(page.url()).origin]);
});

test('H15: an address that names another host than it opens is told by the one that it opens', async ({
	victim
}) => {
	const { page } = victim;
	await open(victim);
	await page.getByRole('link', { name: m.wallet_add() }).first().click();
	await page.getByLabel(m.form_name(), { exact: true }).fill('Decoy');
	await page.getByLabel(m.form_value(), { exact: true }).fill('value-of-Decoy');
	// The `а` is Cyrillic, and to a browser `\` is a `/`.
	await page.getByLabel(m.form_url(), { exact: true }).fill('https://bаnk.example\\@good.example');
	await page.getByRole('button', { name: m.form_keep() }).click();
	await page.waitForURL('**/wallet#key=*');
	const link = page.getByRole('link', { name: 'xn--bnk-6cd.example' });
	await expect(link).toHaveAttribute('href', 'https://xn--bnk-6cd.example/@good.example');
});

test('H16: a server that changes its own columns changes nothing on screen', async ({
	victim,
	attacker
}) => {
	const { page, person } = victim;
	await attacker.change(ACCOUNT, (json) => ({ ...json, email: 'eve@evil.example' }));
	await attacker.change(VAULT, ({ sheets, ...json }) => ({
		...json,
		sheets: (sheets as Members[]).toReversed()
	}));
	await open(victim);
	await expect(page.getByRole('row', { name: 'Beta' })).toBeVisible();
	await page.getByRole('button', { name: m.account_menu() }).click();
	await expect(page.getByText(person.email).first()).toBeVisible();
	await expect(page.getByText('evil', { exact: false })).toHaveCount(1);
});

test('H19: a server that puts words into its errors has none of them read', async ({
	victim,
	attacker
}) => {
	const problem = { type: 'about:blank', title: BAIT, status: 503, code: 'busy', number: 'evil' };
	await attacker.complain(CHALLENGE, 503, problem);
	await typePassword(victim);
	await expect(victim.page.getByText(m.fault_busy())).toBeVisible();
	expect(await victim.page.content()).not.toMatch(/evil|555 0100/);
	await attacker.complain(CHALLENGE, 503, { ...problem, detail: BAIT });
	await typePassword(victim);
	await expect(victim.page.getByText(m.broken_format())).toBeVisible();
	expect(await victim.page.content()).not.toMatch(/evil|555 0100/);
});

function isInterface(request: Request): boolean {
	return new URL(request.url()).pathname.startsWith('/api/');
}

function matching(path: RegExp): (url: URL) => boolean {
	return ({ pathname }) => path.test(pathname);
}
