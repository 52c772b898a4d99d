/**
 * Runs the unit tests against mutants, for Stryker. Everything stays loaded in one process, and a
 * mutant is a switch in it, so that most take milliseconds. Tests run one at a time, the likeliest
 * to notice first, up to the one that does.
 *
 * Stryker has a runner for vitest of its own. With vitest 4.1 that one reports mutants as survivors
 * for which no test ran, and takes a file that cannot be loaded for one without tests (issues 6150
 * and 6213 of stryker-js). This one has vitest collect the tests, and calls them itself.
 */
import { resolve } from 'node:path';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
	determineHitLimitReached,
	DryRunStatus,
	toMutantRunResult
} from '@stryker-mutator/api/test-runner';
import fc from 'fast-check';
import { createServer, isRunnableDevEnvironment } from 'vite';
import { Choice } from './choice.js';
import { brokenIn, idOf, isFailure, resultOf, testsOf } from './results.js';

/**
 * @typedef {import('@stryker-mutator/api/test-runner').TestResult} TestResult
 * @typedef {import('@stryker-mutator/api/test-runner').MutantRunOptions} MutantRunOptions
 * @typedef {import('@stryker-mutator/api/test-runner').MutantRunResult} MutantRunResult
 * @typedef {import('@stryker-mutator/api/test-runner').DryRunResult} DryRunResult
 * @typedef {import('@stryker-mutator/api/core').InstrumenterContext} InstrumenterContext
 * @typedef {import('vitest').RunnerTestCase} TestCase
 */

/** No test is about speed: this ends one that hangs, on a machine however busy. */
const HANGS_AFTER_MS = 120_000;
/** The same where it is known how long it takes without a mutant: so many times that, and more. */
const HANGS_AFTER_TIMES = 40;
const HANGS_AFTER_AT_LEAST_MS = 5_000;

/** Some tests play with time. */
const { setTimeout: startTimer, clearTimeout: stopTimer } = globalThis;

/** The copy of the project with the mutants in it; Stryker goes there after this file is loaded. */
let root = '';

/** What vitest's own workers are given, as far as these tests ask for it. */
const worker = {
	environment: { name: 'node' },
	config: {},
	filepath: '',
	rpc: {}
};

/**
 * Given by the command (scripts/mutants.js): the files with the tests, and for how long a mutant is
 * shown to tests before it counts as one that none notices.
 */
export const strykerValidationSchema = {
	properties: {
		unitTests: { type: 'array', items: { type: 'string' }, default: [] },
		patienceMs: { type: 'number', default: 0 }
	}
};

class Runner {
	/** @type {['options']} */
	static inject = ['options'];

	/** @type {Map<string, TestCase>} */
	#tests = new Map();

	#choice = new Choice();

	/** Whether what is loaded may hold something that a mutant left behind. */
	#spoilt = true;

	/** @param {import('@stryker-mutator/api/core').StrykerOptions} options */
	constructor(options) {
		this.paths = /** @type {string[]} */ (options['unitTests']);
		this.mutated = options.mutate;
		this.patienceMs = /** @type {number} */ (options['patienceMs']);
	}

	capabilities() {
		return { reloadEnvironment: true };
	}

	async init() {
		root = process.cwd();
		Object.assign(globalThis, { __vitest_worker__: worker });
		this.vitest = await import('vitest/internal/browser');
		this.tasks = (await import('vitest')).TestRunner;
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

	/** @returns {Promise<DryRunResult>} */
	async dryRun() {
		const stryker = instrumentation();
		// What runs by now is no test's own: for its mutants all is loaded anew.
		const tests = await this.#load();
		for (const [id, test] of this.#tests) {
			stryker.currentTestId = id;
			const result = await this.#perform(test);
			tests.push(result);
			this.#choice.took(id, result.timeSpentMs);
		}
		delete stryker.currentTestId;
		const { mutantCoverage } = stryker;
		this.#choice.covers(mutantCoverage?.perTest ?? {});
		return { status: DryRunStatus.Complete, tests, ...(mutantCoverage && { mutantCoverage }) };
	}

	/** @param {MutantRunOptions} options @returns {Promise<MutantRunResult>} */
	async mutantRun(options) {
		const { testFilter, hitLimit, mutantActivation } = options;
		const { id: mutant, fileName } = options.activeMutant;
		const stryker = instrumentation();
		const withMutant = { activeMutant: mutant, hitLimit };
		const without = { activeMutant: undefined, hitLimit: undefined };
		const loadsAnew = mutantActivation === 'static';
		Object.assign(stryker, { hitCount: 0 }, loadsAnew ? withMutant : without);
		/** @type {TestResult[]} */
		let results = [];
		if (loadsAnew || this.#spoilt) results = await this.#load();
		this.#spoilt = loadsAnew;
		const ordered = this.#choice.order(mutant, fileName, testFilter ?? this.#tests.keys());
		const begun = busyMs();
		for (const id of ordered) {
			const test = this.#tests.get(id);
			const isTired = results.length > 0 && busyMs() - begun > this.patienceMs;
			if (test === undefined || isTired || results.some(isFailure)) continue;
			Object.assign(stryker, withMutant);
			const result = await this.#perform(test);
			const limit = determineHitLimitReached(stryker.hitCount, hitLimit);
			Object.assign(stryker, without);
			this.#spoilt ||= limit !== undefined;
			if (limit !== undefined) return toMutantRunResult(limit);
			// It has to be this mutant that was noticed, not what an earlier one left behind.
			if (isFailure(result) && !loadsAnew && isFailure(await this.#perform(test))) {
				this.#spoilt = true;
				return await this.mutantRun(options);
			}
			if (isFailure(result)) this.#choice.noticed(mutant, id);
			results.push(result);
		}
		Object.assign(stryker, without);
		if (results.length === 0) throw new Error(`no test ran for mutant ${mutant}`);
		return toMutantRunResult({ status: DryRunStatus.Complete, tests: results });
	}

	/** @param {TestCase} test @returns {Promise<TestResult>} */
	async #perform(test) {
		worker.filepath = test.file.filepath;
		const begun = performance.now();
		/** @type {unknown} */
		let error;
		/** @type {ReturnType<typeof startTimer> | undefined} */
		let timer;
		const hangs = new Promise((_, reject) => {
			timer = startTimer(() => {
				this.#spoilt = true;
				reject(new Error('hangs'));
			}, this.#patienceFor(test));
		});
		try {
			await Promise.race([this.#call(test), hangs]);
		} catch (thrown) {
			error = thrown ?? new Error('failed');
		}
		stopTimer(timer);
		return resultOf(test, Math.round(performance.now() - begun), error);
	}

	/** @param {TestCase} test */
	#patienceFor(test) {
		const duration = this.#choice.duration(idOf(test));
		if (duration === undefined) return HANGS_AFTER_MS;
		return HANGS_AFTER_AT_LEAST_MS + HANGS_AFTER_TIMES * duration;
	}

	/** A test and what is to be done before and after it. @param {TestCase} test */
	async #call(test) {
		if (this.tasks === undefined) throw new Error('not started');
		const { getTestFn, getSuiteHooks } = this.tasks;
		const around = [];
		for (let { suite } = test; suite !== undefined; suite = suite.suite) around.unshift(suite);
		around.unshift(test.file);
		try {
			for (const suite of around) {
				for (const hook of getSuiteHooks(suite).beforeEach) await hook(test.context, suite);
			}
			await getTestFn(test)();
		} finally {
			for (const suite of around.reverse()) {
				for (const hook of getSuiteHooks(suite).afterEach) await hook(test.context, suite);
			}
		}
	}

	/** Loads everything anew. @returns {Promise<TestResult[]>} What could not be loaded. */
	async #load() {
		if (this.vitest === undefined) throw new Error('not started');
		const environment = this.server?.environments['ssr'];
		if (!environment || !isRunnableDevEnvironment(environment)) throw new Error('not started');
		const { runner } = environment;
		runner.clearCache();
		// What a module does once, as it loads, is no test's own, also where a test would load it first.
		for (const path of this.mutated) await runner.import(resolve(root, path));
		const paths = this.paths.map((path) => resolve(root, path));
		const files = await this.vitest.collectTests(paths, {
			config: taskConfig(),
			pool: 'threads',
			importFile: async (path) => {
				worker.filepath = path;
				await runner.import(path);
			}
		});
		this.#tests = new Map(files.flatMap(testsOf).map((test) => [idOf(test), test]));
		this.#spoilt = false;
		return files.flatMap(brokenIn);
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

/** What this process took of the processors: not its clock, which others push on. */
function busyMs() {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1000;
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
