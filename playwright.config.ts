import { defineConfig } from '@playwright/test';
import { BROWSER_FLAGS, findBrowser } from './scripts/browser.js';

// Workers read this file again: they need not look for what was found.
process.env['CHROMIUM_PATH'] = await findBrowser();

export default defineConfig({
	testDir: 'tests/e2e',
	testMatch: '**/*.spec.ts',
	outputDir: 'test-results/browser',
	// Argon2id takes a core for about a second; side by side, tests would measure each other.
	workers: 1,
	retries: 0,
	forbidOnly: true,
	timeout: 90_000,
	expect: { timeout: 15_000 },
	reporter: 'list',
	use: {
		browserName: 'chromium',
		viewport: { width: 1280, height: 800 },
		locale: 'en-GB',
		timezoneId: 'UTC',
		trace: 'retain-on-failure',
		launchOptions: {
			executablePath: process.env['CHROMIUM_PATH'],
			args: [...BROWSER_FLAGS],
			chromiumSandbox: false
		}
	}
});
