import { defineConfig } from '@playwright/test';
import base from '../../playwright.config.ts';

export default defineConfig(base, {
	testDir: '.',
	testMatch: '*.bench.ts',
	outputDir: '../../test-results/bench',
	// Side by side they would measure each other.
	workers: 1,
	timeout: 600_000
});
