import { defineConfig } from '@playwright/test';
import base from '../playwright.config.ts';

export default defineConfig(base, {
	testDir: '.',
	testMatch: '*.bench.ts',
	outputDir: '../test-results/bench',
	timeout: 600_000
});
