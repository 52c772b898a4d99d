/** Files as a person uses them: a large import, and the backup of a large account, made and checked. */
import { expect, test } from '@playwright/test';
import { removeFolder, startServer, type ServerProcess } from '../../tests/server-process.ts';
import { record } from '../figures.ts';
import { makeAccountOf, serveAccountModule, unlockOnce } from '../unlocking.ts';

const WIDE = '100000/m';
const PASSWORD = 'seven brass ticks on warm paper';
const PASSPHRASE = 'wooden kettle sings at noon';
const IMPORTED = 5_000;
const EXPORTED = 10_000;

let server: ServerProcess;

test.beforeAll(async () => {
	server = await startServer({
		LIMIT_AUTH: WIDE,
		LIMIT_COMMITS: WIDE,
		LIMIT_READS: WIDE,
		LIMIT_REQUESTS: WIDE
	});
});

test.afterAll(async () => {
	await server.stop();
	removeFolder(server.folder);
});

test('importing a file of 5,000 keys', async ({ context }) => {
	const person = { email: 'import@example.org', password: PASSWORD };
	await serveAccountModule(context, server.origin);
	const page = await context.newPage();
	await makeAccountOf(page, server.origin, person, 1);
	await unlockOnce(page, server.origin, person);
	await page.getByRole('link', { name: 'Import', exact: true }).click();
	const lines = Array.from({ length: IMPORTED }, (_, number) => {
		const value = number.toString(36).padStart(40, 'k7Qz');
		return `SERVICE_${String(number)}_API_KEY=${value}`;
	});
	const chosenAt = performance.now();
	await page
		.locator('input[type=file]')
		.setInputFiles({ name: '.env', mimeType: 'text/plain', buffer: Buffer.from(lines.join('\n')) });
	const button = page.getByRole('button', { name: `Import ${IMPORTED.toLocaleString('en')} keys` });
	await expect(button).toBeVisible({ timeout: 60_000 });
	const shownAt = performance.now();
	await button.click();
	await expect(page.getByRole('link', { name: 'Go to the wallet' })).toBeVisible({
		timeout: 60_000
	});
	const importedAt = performance.now();
	const preview = 'import, file to preview, 5,000 keys';
	record({ what: preview, unit: 'ms' }, [shownAt - chosenAt]);
	const commit = 'import, button to done in one commit, 5,000 keys';
	record({ what: commit, unit: 'ms', goal: { atMost: 10_000 } }, [importedAt - shownAt]);
});

test('a backup of 10,000 keys, made and checked', async ({ context }) => {
	const person = { email: 'export@example.org', password: PASSWORD };
	await serveAccountModule(context, server.origin);
	const page = await context.newPage();
	await makeAccountOf(page, server.origin, person, EXPORTED);
	await unlockOnce(page, server.origin, person);
	await page.getByRole('link', { name: 'Backup', exact: true }).click();
	await page.getByLabel('Passphrase of the file', { exact: true }).fill(PASSPHRASE);
	await page.getByLabel('Passphrase once more').fill(PASSPHRASE);
	await page.getByLabel('Your password, to prove it is you').fill(PASSWORD);
	const download = page.waitForEvent('download', { timeout: 300_000 });
	const askedAt = performance.now();
	await page.getByRole('button', { name: 'Make the file' }).click();
	const file = await (await download).path();
	const madeAt = performance.now();
	const made = 'backup, button to a file that was opened again, 10,000 keys';
	record({ what: made, unit: 'ms' }, [madeAt - askedAt]);

	await page.getByText('Check a backup', { exact: true }).click();
	await page.locator('input[type=file]').setInputFiles(file);
	await page.getByLabel('Passphrase of the file', { exact: true }).fill(PASSPHRASE);
	const checkedFrom = performance.now();
	await page.getByRole('button', { name: 'Look inside' }).click();
	await expect(page.getByRole('heading', { name: 'This backup opens' })).toBeVisible({
		timeout: 300_000
	});
	const checked = 'backup, button to what a check found, 10,000 keys';
	record({ what: checked, unit: 'ms' }, [performance.now() - checkedFrom]);
});
