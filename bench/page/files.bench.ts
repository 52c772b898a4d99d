/** Files as a person uses them: a large import, and the backup of a large account, made and checked. */
import { test } from '@playwright/test';
import { removeFolder, startServer, type ServerProcess } from '../../tests/server-process.ts';
import { record } from '../figures.ts';
import { markWait } from '../marks.ts';
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
	const name = `Import ${IMPORTED.toLocaleString('en')} keys`;
	const preview = await markWait(page, { from: 'change', selector: 'button', text: name });
	await page
		.locator('input[type=file]')
		.setInputFiles({ name: '.env', mimeType: 'text/plain', buffer: Buffer.from(lines.join('\n')) });
	record({ what: 'import, file to preview, 5,000 keys', unit: 'ms' }, [await preview()]);
	const done = await markWait(page, { from: 'click', selector: 'a', text: 'Go to the wallet' });
	await page.getByRole('button', { name }).click();
	const commit = 'import, button to done in one commit, 5,000 keys';
	record({ what: commit, unit: 'ms', goal: { atMost: 10_000 } }, [await done()]);
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
	const found = await markWait(page, {
		from: 'click',
		selector: 'h1, h2, h3, h4',
		text: 'This backup opens'
	});
	await page.getByRole('button', { name: 'Look inside' }).click();
	const checked = 'backup, button to what a check found, 10,000 keys';
	record({ what: checked, unit: 'ms' }, [await found()]);
});
