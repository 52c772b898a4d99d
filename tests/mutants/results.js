/** What vitest collected and what came of it, as Stryker wants to hear it. */
import { relative } from 'node:path';
import { TestStatus } from '@stryker-mutator/api/test-runner';

/**
 * @typedef {import('@stryker-mutator/api/test-runner').TestResult} TestResult
 * @typedef {import('vitest').RunnerTestFile} TestFile
 * @typedef {import('vitest').RunnerTestCase} TestCase
 * @typedef {import('vitest').RunnerTask} Task
 */

/** @param {TestCase} test @param {number} timeSpentMs @param {unknown} error @returns {TestResult} */
export function resultOf(test, timeSpentMs, error) {
	const { filepath: fileName } = test.file;
	const told = { id: idOf(test), name: nameOf(test), timeSpentMs, fileName };
	if (error === undefined) return { ...told, status: TestStatus.Success };
	const failureMessage = error instanceof Error ? error.message : 'failed';
	return { ...told, status: TestStatus.Failed, failureMessage };
}

/** A failure, if the file does not load. @param {TestFile} file @returns {TestResult[]} */
export function brokenIn(file) {
	const [error] = suitesOf(file).flatMap(({ result }) => result?.errors ?? []);
	if (error === undefined) return [];
	const told = { id: `${pathOf(file)}#`, name: file.name, timeSpentMs: 0 };
	return [{ ...told, status: TestStatus.Failed, failureMessage: error.message }];
}

/** @param {TestResult} result */
export function isFailure({ status }) {
	return status === TestStatus.Failed;
}

/** @param {Task} task @returns {TestCase[]} */
export function testsOf(task) {
	if (task.type === 'suite') return task.tasks.flatMap(testsOf);
	return task.mode === 'run' ? [task] : [];
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

/** @param {Task} task @returns {string} */
function nameOf(task) {
	return task.suite === undefined ? task.name : `${nameOf(task.suite)} ${task.name}`;
}
