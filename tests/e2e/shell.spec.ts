/** The page shell in a real browser: policies hold, and every kind of page comes up. */
import { expect, expectAccessible, picture, test } from './fixtures.ts';

for (const path of ['/', '/login', '/register']) {
	test(`${path} comes up without breaking its policy, and is accessible`, async ({ page }) => {
		await page.goto(path);
		await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
		await expectAccessible(page);
		await picture(page, `shell${path.replaceAll('/', '-')}`);
	});

	test(`${path} shows nothing sideways at 320 px`, async ({ page }) => {
		await page.setViewportSize({ width: 320, height: 640 });
		await page.goto(path);
		await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
		const width = await page.evaluate(() => document.documentElement.scrollWidth);
		expect(width).toBeLessThanOrEqual(320);
	});
}

test('an address that is none has a page of its own, and a way back', async ({
	page,
	expectedErrors
}) => {
	expectedErrors.push(/status of 404/);
	const response = await page.goto('/nothing/here');
	expect(response?.status()).toBe(404);
	await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
	await expectAccessible(page);
	await page.getByRole('link').first().click();
	await expect(page).not.toHaveURL(/nothing/);
});

test('the address of an export leads to the page that exports', async ({ page }) => {
	await page.goto('/export');
	await expect(page).toHaveURL(/\/backup$/);
	await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

test('a script that is not the program’s does not run', async ({ page, expectedErrors }) => {
	expectedErrors.push(/policy violation: require-trusted-types-for/, /TrustedScript/);
	await page.goto('/login');
	const ran = await page.evaluate(() => {
		const script = document.createElement('script');
		script.append('globalThis.injected = true;');
		document.head.append(script);
		return 'injected' in globalThis;
	});
	expect(ran).toBe(false);
});

test('markup cannot be set from a text', async ({ page, expectedErrors }) => {
	expectedErrors.push(/policy violation: require-trusted-types-for/, /TrustedHTML|Trusted Type/);
	await page.goto('/login');
	const thrown = await page.evaluate(() => {
		try {
			document.body.innerHTML = '<b>x</b>';
			return false;
		} catch {
			return true;
		}
	});
	expect(thrown).toBe(true);
});

test('no script of the page may make a policy of its own', async ({ page, expectedErrors }) => {
	expectedErrors.push(/policy violation: trusted-types/, /trusted-types|Content Security Policy/);
	await page.goto('/login');
	const thrown = await page.evaluate(() => {
		const { trustedTypes } = window as Window & {
			trustedTypes?: { createPolicy: (name: string, rules: object) => unknown };
		};
		try {
			trustedTypes?.createPolicy('other', {});
			return false;
		} catch {
			return true;
		}
	});
	expect(thrown).toBe(true);
});

test('without scripts, the page says what it needs and has nothing to type into', async ({
	browser,
	server
}) => {
	const context = await browser.newContext({ javaScriptEnabled: false });
	const page = await context.newPage();
	await page.goto(`${server.origin}/login`);
	const said = page.locator('noscript p');
	await expect(said).toHaveCount(6);
	await expect(said.filter({ hasText: 'JavaScript' })).toHaveCount(6);
	await expect(page.locator('input')).toHaveCount(0);
	await context.close();
});

test('features that a vault has no use for are off', async ({ page }) => {
	await page.goto('/login');
	const allowed = await page.evaluate(() => {
		const { featurePolicy } = document as Document & {
			featurePolicy?: { allowedFeatures: () => string[] };
		};
		return featurePolicy?.allowedFeatures() ?? [];
	});
	expect(allowed).toEqual(expect.arrayContaining(['clipboard-write']));
	for (const feature of [
		'camera',
		'clipboard-read',
		'geolocation',
		'microphone',
		'payment',
		'usb'
	]) {
		expect(allowed).not.toContain(feature);
	}
});
