/** What vitest's task runner found, as Stryker wants to hear it. */
import { relative } from 'node:path';
import { TestStatus } from '@stryker-mutator/api/test-runner';

/**
 * @typedef {import('@stryker-mutator/api/test-runner').TestResult} TestResult
 * @typedef {import('vitest').RunnerTestFile} TestFile
 * @typedef {import('vitest').RunnerTestCase} TestCase
 * @typedef {import('vitest').RunnerTask} Task
 */

/** @param {TestFile} file @returns {TestResult[]} */
export function resultsOf(file) {
	const results = testsOf(file)
		.filter(({ result }) => result?.state === 'pass' || result?.state === 'fail')
		.map(resultOf);
	// The file does not load, or a hook for all of a suite fails.
	const broken = suitesOf(file).find(({ result }) => (result?.errors?.length ?? 0) > 0);
	if (broken === undefined) return results;
	const told = { id: `${pathOf(file)}#`, name: file.name, timeSpentMs: 0 };
	return [...results, failure(told, broken.result?.errors)];
}

/** @param {TestCase} test @returns {TestResult} */
function resultOf(test) {
	const { state, errors, duration = 0 } = test.result ?? {};
	const told = {
		...{ id: idOf(test), name: nameOf(test), timeSpentMs: duration },
		fileName: test.file.filepath
	};
	return state === 'pass' ? { ...told, status: TestStatus.Success } : failure(told, errors);
}

/**
 * @param {{ id: string; name: string; timeSpentMs: number }} told
 * @param {readonly { message: string }[]} [errors]
 * @returns {TestResult}
 */
function failure(told, errors) {
	const failureMessage = errors?.[0]?.message ?? 'failed';
	return { ...told, status: TestStatus.Failed, failureMessage };
}

/** @param {Task} task @returns {TestCase[]} */
function testsOf(task) {
	return task.type === 'test' ? [task] : task.tasks.flatMap(testsOf);
}

/** @param {Task} task @returns {Task[]} */
function suitesOf(task) {
	return task.type === 'test' ? [] : [task, ...task.tasks.flatMap(suitesOf)];
}

/** @param {TestFile} file */
function pathOf(file) {
	return relative(process.cwd(), file.filepath);
}

/** Tests of one name are told apart by their place. @param {TestCase} test */
export function idOf(test) {
	return `${pathOf(test.file)}#${test.id}`;
}

/** @param {string} id */
export function fileOf(id) {
	return id.slice(0, id.indexOf('#'));
}

/** @param {Task} task @returns {string} */
function nameOf(task) {
	return task.suite === undefined ? task.name : `${nameOf(task.suite)} ${task.name}`;
}
