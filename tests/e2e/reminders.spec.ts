/** Reminders by mail: off, explained, chosen in coarse steps, taken back with the key. */
import * as m from '#lib/i18n/generated/messages.js';
import { expect, expectAccessible, picture } from './fixtures.ts';
import { linkIn, test } from './mailed.ts';
import { addKey, createAccount, newPerson } from './person.ts';

const DAY_MS = 86_400_000;

test('a reminder is chosen by keyboard, tells the server a day alone, and goes with the key', async ({
	page,
	smtp
}) => {
	const person = newPerson();
	await createAccount(page, person);
	const tab = await page.context().newPage();
	await tab.goto(linkIn(await smtp.next(person.email)).href);
	await expect(tab.getByRole('heading', { name: m.confirm_done_title() })).toBeVisible();
	await tab.close();
	await page.waitForURL('**/wallet');

	const told: string[] = [];
	page.on('request', (request) => {
		if (request.url().endsWith('/account/reminders') && request.method() === 'POST') {
			told.push(request.postData() ?? '');
		}
	});
	await addKey(page, 'Alpha', 'value of Alpha');
	await page.getByRole('button', { name: m.panel_edit() }).click();
	const expires = page.getByLabel(m.form_expires(), { exact: true });
	await expires.fill(new Date(Date.now() + 90 * DAY_MS).toISOString().slice(0, 10));
	await expires.press('ControlOrMeta+Enter');
	const choice = page.getByLabel(m.reminder_title(), { exact: true });
	await expect(choice).toHaveValue('');
	await expect(page.getByText(m.reminder_explained())).toBeVisible();
	await expectAccessible(page);
	await picture(page, 'reminder-off');
	expect(told).toEqual([]);

	await choice.focus();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Enter');
	await expect(choice).not.toHaveValue('');
	const day = await choice.inputValue();
	await expect.poll(() => told).toEqual([JSON.stringify({ days: [day] })]);
	await expect(page.getByText(m.reminder_pending(), { exact: false })).toHaveCount(0);
	await picture(page, 'reminder-on');

	await page.getByRole('button', { name: m.panel_trash() }).click();
	await expect.poll(() => told.at(-1)).toBe(JSON.stringify({ days: [] }));
});
