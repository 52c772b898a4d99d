/** What the browser asks before a page goes away with something that is not saved. */
import type { Page } from '@playwright/test';

/** What the browser asks when this page is loaded again, which it is. */
export async function questionsAtReload(page: Page): Promise<readonly string[]> {
	const questions: string[] = [];
	page.on('dialog', (asked) => {
		questions.push(asked.type());
		void asked.accept();
	});
	await page.reload();
	return questions;
}

/** Asks the browser for this page again, and tells of the question that comes before. */
export async function askedBeforeReload(page: Page): Promise<string> {
	const question = new Promise<string>((resolve) => {
		page.once('dialog', (asked) => {
			void asked.dismiss().then(() => {
				resolve(asked.type());
			});
		});
	});
	// In a task of its own: what is evaluated has its answer before the page stands still.
	await page.evaluate(() => {
		setTimeout(() => {
			location.reload();
		});
	});
	return await question;
}
