/**
 * What a test program wrote about its run: how many passed, and which failed and why.
 *
 * @typedef {{ passed: number; failed: number; skipped: number }} Count
 * @typedef {Count & { failures: readonly string[] }} Report
 */
import { stripVTControlCharacters } from 'node:util';

/** Lines of a failure that are shown: enough to see what was expected and what came. */
const SHOWN_LINES = 24;

/**
 * @param {'vitest' | 'playwright'} reporter
 * @param {string} text JSON, as the reporter wrote it.
 * @returns {Report}
 * @throws {SyntaxError | TypeError} If it is none.
 */
export function readReport(reporter, text) {
	const report = JSON.parse(text);
	return reporter === 'vitest' ? ofVitest(report) : ofPlaywright(report);
}

/**
 * @typedef {{ status: string; fullName: string; failureMessages: string[] }} Assertion
 * @typedef {{ name: string; status: string; message: string; assertionResults: Assertion[] }} File
 *
 * @param {Record<string, number> & { testResults: File[] }} report
 * @returns {Report}
 */
function ofVitest(report) {
	const failures = report.testResults.flatMap(({ name, status, message, assertionResults }) => {
		const failed = assertionResults.filter((one) => one.status === 'failed');
		// A file that could not be loaded has no test to blame.
		if (status === 'failed' && failed.length === 0) return [failure(name, [message])];
		return failed.map((one) => failure(`${name} › ${one.fullName}`, one.failureMessages));
	});
	return {
		passed: report['numPassedTests'] ?? 0,
		failed: report['numFailedTests'] ?? 0,
		skipped: (report['numPendingTests'] ?? 0) + (report['numTodoTests'] ?? 0),
		failures
	};
}

/**
 * @typedef {{ errors: { message?: string }[] }} Attempt
 * @typedef {{ ok: boolean; title: string; file: string; line: number; tests: { results: Attempt[] }[] }} Spec
 * @typedef {{ specs?: Spec[]; suites?: Suite[] }} Suite
 *
 * @param {{ stats: Record<string, number>; suites: Suite[]; errors: { message?: string }[] }} report
 * @returns {Report}
 */
function ofPlaywright({ stats, suites, errors }) {
	const failures = suites
		.flatMap(specsOf)
		.filter(({ ok }) => !ok)
		.map(({ file, line, title, tests }) =>
			failure(
				`${file}:${line} › ${title}`,
				tests.flatMap(({ results }) => results.flatMap((one) => one.errors.map(messageOf)))
			)
		);
	return {
		passed: stats['expected'] ?? 0,
		failed: (stats['unexpected'] ?? 0) + (stats['flaky'] ?? 0),
		skipped: stats['skipped'] ?? 0,
		failures: [
			...failures,
			...errors.map((error) => failure('outside of a test', [messageOf(error)]))
		]
	};
}

/**
 * @param {Suite} suite
 * @returns {Spec[]}
 */
function specsOf({ specs, suites }) {
	return [...(specs ?? []), ...(suites ?? []).flatMap(specsOf)];
}

/** @param {{ message?: string }} error */
function messageOf({ message }) {
	return message ?? '';
}

/**
 * @param {string} title
 * @param {readonly string[]} messages
 */
function failure(title, messages) {
	const lines = stripVTControlCharacters(messages.join('\n'))
		.split('\n')
		.filter((line) => line.trim() !== '' && !/^ +at .*node_modules/u.test(line))
		.slice(0, SHOWN_LINES);
	return [`✗ ${title}`, ...lines.map((line) => `    ${line}`)].join('\n');
}
