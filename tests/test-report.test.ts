import { describe, expect, test } from 'vitest';
import { readReport } from '../scripts/test-report.js';

const vitest = {
	numPassedTests: 2,
	numFailedTests: 1,
	numPendingTests: 1,
	numTodoTests: 0,
	testResults: [
		{
			name: 'a.test.ts',
			status: 'failed',
			message: '',
			assertionResults: [
				{ status: 'passed', fullName: 'one', failureMessages: [] },
				{
					status: 'failed',
					fullName: 'two',
					failureMessages: ['\u001b[31mexpected 1\u001b[39m\n    at /x/node_modules/y.js:1:1']
				}
			]
		},
		{ name: 'b.test.ts', status: 'failed', message: 'no such module', assertionResults: [] }
	]
};

const playwright = {
	stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 2 },
	errors: [{ message: 'a worker ended' }],
	suites: [
		{
			suites: [
				{
					specs: [
						{ ok: true, title: 'one', file: 'a.spec.ts', line: 3, tests: [] },
						{
							ok: false,
							title: 'two',
							file: 'a.spec.ts',
							line: 9,
							tests: [{ results: [{ errors: [{ message: 'expected a row' }, {}] }] }]
						}
					]
				}
			]
		}
	]
};

describe('a report of vitest', () => {
	const report = readReport('vitest', JSON.stringify(vitest));

	test('is counted', () => {
		expect(report).toMatchObject({ passed: 2, failed: 1, skipped: 1 });
	});

	test('names what failed and why, without colours or other programs in the trace', () => {
		expect(report.failures[0]).toBe('✗ a.test.ts › two\n    expected 1');
	});

	test('names a file that could not be read', () => {
		expect(report.failures[1]).toBe('✗ b.test.ts\n    no such module');
	});
});

describe('a report of playwright', () => {
	const report = readReport('playwright', JSON.stringify(playwright));

	test('counts a test that passed only at the second try as failed', () => {
		expect(report).toMatchObject({ passed: 3, failed: 2, skipped: 2 });
	});

	test('names what failed, in whatever suite, and what failed outside of any', () => {
		expect(report.failures).toEqual([
			'✗ a.spec.ts:9 › two\n    expected a row',
			'✗ outside of a test\n    a worker ended'
		]);
	});
});

test('what is no report is none', () => {
	expect(() => readReport('playwright', '')).toThrow(SyntaxError);
	expect(() => readReport('vitest', '{}')).toThrow(TypeError);
});
