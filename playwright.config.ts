import { defineConfig } from '@playwright/test';
import { BROWSER_FLAGS, findBrowser } from './scripts/browser.js';

// Workers read this file again: they need not look for what was found.
process.env['CHROMIUM_PATH'] = await findBrowser('engine');
// What a test calls today is today in its browser too.
process.env['TZ'] = 'UTC';

export default defineConfig({
	testDir: 'tests/e2e',
	testMatch: '**/*.spec.ts',
	outputDir: 'test-results/browser',
	// Each has a server of its own, and no test is about speed.
	workers: 2,
	retries: 0,
	forbidOnly: true,
	// Both only end what hangs, on a machine however busy.
	timeout: 300_000,
	expect: { timeout: 60_000 },
	reporter: 'list',
	use: {
		browserName: 'chromium',
		viewport: { width: 1280, height: 800 },
		locale: 'en-GB',
		timezoneId: 'UTC',
		// A trace of every test takes a sixth of the time: `--trace=on` where one is wanted.
		trace: 'off',
		screenshot: 'only-on-failure',
		launchOptions: {
			executablePath: process.env['CHROMIUM_PATH'],
			args: [...BROWSER_FLAGS],
			chromiumSandbox: false
		}
	}
});
