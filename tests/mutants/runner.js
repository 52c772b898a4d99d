/**
 * Runs the unit tests against mutants, for Stryker. Everything stays loaded in one process, and a
 * mutant is a switch in it, so that most take milliseconds.
 *
 * Stryker has a runner for vitest of its own. With vitest 4.1 that one reports mutants as survivors
 * for which no test ran, and takes a file that cannot be loaded for one without tests (issues 6150
 * and 6213 of stryker-js). This one asks vitest's task runner itself: what does not load has failed.
 */
import { readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
	determineHitLimitReached,
	DryRunStatus,
	TestStatus,
	toMutantRunResult
} from '@stryker-mutator/api/test-runner';
import fc from 'fast-check';
import { createServer, isRunnableDevEnvironment } from 'vite';
import { fileOf, idOf, resultsOf } from './results.js';

/**
 * @typedef {import('@stryker-mutator/api/test-runner').TestResult} TestResult
 * @typedef {import('@stryker-mutator/api/test-runner').MutantRunOptions} MutantRunOptions
 * @typedef {import('@stryker-mutator/api/test-runner').MutantRunResult} MutantRunResult
 * @typedef {import('@stryker-mutator/api/test-runner').DryRunOptions} DryRunOptions
 * @typedef {import('@stryker-mutator/api/test-runner').DryRunResult} DryRunResult
 * @typedef {import('@stryker-mutator/api/core').InstrumenterContext} InstrumenterContext
 * @typedef {import('vitest').RunnerTestCase} TestCase
 */

/** No test is about speed: this ends one that hangs. Stryker ends a mutant that does, sooner. */
const HANGS_AFTER_MS = 120_000;

/** The copy of the project with the mutants in it; Stryker goes there after this file is loaded. */
let root = '';

/** What vitest's own workers are given, as far as these tests ask for it. */
const worker = {
	environment: { name: 'node' },
	config: {},
	filepath: '',
	rpc: {}
};

/** Given by the command (scripts/mutants.js): the files and folders with the tests. */
export const strykerValidationSchema = {
	properties: {
		testsIn: { type: 'array', items: { type: 'string' }, default: [] }
	}
};

class Runner {
	/** @type {['options']} */
	static inject = ['options'];

	/** @type {Map<string, number>} How long each test took without a mutant. */
	#durations = new Map();

	/** @type {string[]} */
	testFiles = [];

	/** @param {import('@stryker-mutator/api/core').StrykerOptions} options */
	constructor(options) {
		this.testsIn = /** @type {string[]} */ (options['testsIn']);
	}

	capabilities() {
		return { reloadEnvironment: true };
	}

	async init() {
		root = process.cwd();
		this.testFiles = this.testsIn.flatMap(testFilesIn);
		Object.assign(globalThis, { __vitest_worker__: worker });
		this.vitest = await import('vitest/internal/browser');
		// That a property fails is enough; the smallest example is looked for at length.
		fc.configureGlobal({ endOnFailure: true });
		this.server = await createServer({
			root,
			configFile: false,
			logLevel: 'error',
			server: { middlewareMode: true, hmr: false, ws: false, watch: null },
			optimizeDeps: { noDiscovery: true }
		});
	}

	async dispose() {
		await this.server?.close();
	}

	/** @param {DryRunOptions} options @returns {Promise<DryRunResult>} */
	async dryRun({ files = [] }) {
		const stryker = instrumentation();
		// First of all, so that nothing but this counts as covered by loading alone.
		for (const file of files) await this.#import(file);
		/** @type {TestResult[]} */
		const tests = [];
		for (const file of this.testFiles) tests.push(...(await this.#measure(file, stryker)));
		for (const { id, timeSpentMs } of tests) this.#durations.set(id, timeSpentMs);
		return {
			status: DryRunStatus.Complete,
			tests,
			...(stryker.mutantCoverage && { mutantCoverage: stryker.mutantCoverage })
		};
	}

	/** @param {MutantRunOptions} options @returns {Promise<MutantRunResult>} */
	async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation }) {
		const stryker = instrumentation();
		const loadsAnew = mutantActivation === 'static';
		if (loadsAnew) this.#forget();
		Object.assign(stryker, { activeMutant: activeMutant.id, hitCount: 0, hitLimit });
		/** @type {TestResult[]} */
		const tests = [];
		for (const file of this.#quickestFirst(testFilter)) {
			tests.push(...(await this.#run(file, testFilter && new Set(testFilter))));
			if (tests.some(({ status }) => status === TestStatus.Failed)) break;
		}
		const { hitCount } = stryker;
		Object.assign(stryker, { activeMutant: undefined, hitLimit: undefined });
		if (loadsAnew) this.#forget();
		if (tests.length === 0) throw new Error(`no test ran for mutant ${activeMutant.id}`);
		return toMutantRunResult(
			determineHitLimitReached(hitCount, hitLimit) ?? { status: DryRunStatus.Complete, tests }
		);
	}

	/**
	 * The tests of `file` without a mutant. What runs while the file is loaded or in a hook for all
	 * of it is covered by each of its tests.
	 *
	 * @param {string} file
	 * @param {InstrumenterContext} stryker
	 */
	async #measure(file, stryker) {
		stryker.currentTestId = file;
		const tests = await this.#run(file, undefined, (test) => {
			stryker.currentTestId = test === undefined ? file : idOf(test);
		});
		delete stryker.currentTestId;
		const perTest = stryker.mutantCoverage?.perTest ?? {};
		const ofAll = perTest[file] ?? {};
		Reflect.deleteProperty(perTest, file);
		for (const { id } of tests) {
			const own = (perTest[id] ??= {});
			for (const [mutant, hits] of Object.entries(ofAll)) {
				own[mutant] = (own[mutant] ?? 0) + hits;
			}
		}
		return tests;
	}

	/**
	 * @param {string} file
	 * @param {ReadonlySet<string>} [wanted] All, if there is none.
	 * @param {(test: TestCase | undefined) => void} [onTest]
	 * @returns {Promise<TestResult[]>} Up to the first that fails.
	 */
	async #run(file, wanted, onTest) {
		if (this.vitest === undefined) throw new Error('not started');
		worker.filepath = join(root, file);
		let failed = false;
		const [task] = await this.vitest.startTests([join(root, file)], {
			config: taskConfig(),
			pool: 'threads',
			importFile: async () => {
				this.#forgetTests();
				await this.#import(file);
			},
			onBeforeRunTask: (test) => {
				if (failed || (wanted !== undefined && !wanted.has(idOf(test)))) test.mode = 'skip';
				else onTest?.(test);
			},
			onAfterRunTask: (test) => {
				failed ||= test.result?.state === 'fail';
				onTest?.(undefined);
			}
		});
		if (task === undefined) throw new Error(`${file} was not run`);
		return resultsOf(task);
	}

	/** @param {readonly string[] | undefined} wanted */
	#quickestFirst(wanted) {
		/** @type {Map<string, number>} */
		const times = new Map(wanted === undefined ? this.testFiles.map((file) => [file, 0]) : []);
		for (const id of wanted ?? this.#durations.keys()) {
			const file = fileOf(id);
			times.set(file, (times.get(file) ?? 0) + (this.#durations.get(id) ?? 0));
		}
		return [...times].sort(([, a], [, b]) => a - b).map(([file]) => file);
	}

	get #modules() {
		const environment = this.server?.environments['ssr'];
		if (!environment || !isRunnableDevEnvironment(environment)) throw new Error('not started');
		return environment.runner;
	}

	/** @param {string} file */
	async #import(file) {
		await this.#modules.import(resolve(root, file));
	}

	/** The next import of anything runs it again. */
	#forget() {
		this.#modules.clearCache();
	}

	/** Tests and what they share run again for each file, as vitest has it; what is tested stays. */
	#forgetTests() {
		const { evaluatedModules } = this.#modules;
		for (const [path, modules] of evaluatedModules.fileToModulesMap) {
			if (!/\.test\.ts$|\/tests\//.test(`/${relative(root, path)}`)) continue;
			for (const module of modules) evaluatedModules.invalidateModule(module);
		}
	}
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-process', Runner)];

/** @returns {InstrumenterContext} What the mutated code looks at. */
function instrumentation() {
	const scope = /** @type {typeof globalThis & { __stryker__?: InstrumenterContext }} */ (
		globalThis
	);
	return (scope.__stryker__ ??= {});
}

function taskConfig() {
	return {
		root,
		name: '',
		setupFiles: [],
		passWithNoTests: false,
		testNamePattern: undefined,
		allowOnly: false,
		sequence: {
			shuffle: false,
			concurrent: false,
			seed: 1,
			hooks: /** @type {const} */ ('stack'),
			setupFiles: /** @type {const} */ ('list')
		},
		maxConcurrency: 1,
		testTimeout: HANGS_AFTER_MS,
		hookTimeout: HANGS_AFTER_MS,
		retry: 0,
		includeTaskLocation: false,
		chaiConfig: undefined,
		tags: [],
		tagsFilter: undefined,
		strictTags: true
	};
}

/** @param {string} path @returns {string[]} */
function testFilesIn(path) {
	if (path.endsWith('.ts')) return [path];
	return readdirSync(join(root, path))
		.filter((name) => name.endsWith('.test.ts'))
		.map((name) => `${path}/${name}`);
}
