/** Before the server's tests on a libSQL server: starts one, and says where it is. */
import type { TestProject } from 'vitest/node';
import { record } from '../figures.ts';
import { sayIfMissing, SQLD_MISSING } from '../sqld/program.ts';
import { Door, Sqld } from '../sqld/server.ts';

declare module 'vitest' {
	interface ProvidedContext {
		sqld: { readonly front: string; readonly admin: number } | undefined;
	}
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
	sayIfMissing();
	if (SQLD_MISSING) return () => Promise.resolve();
	const sqld = await Sqld.primary();
	const door = await Door.to(sqld);
	project.provide('sqld', { front: door.url('NAMESPACE'), admin: sqld.ports.admin });
	const begun = performance.now();
	return async () => {
		recordRun(project, performance.now() - begun);
		door.close();
		await sqld.remove();
	};
}

/** Of the server's own tests, all of which run here in the long form alone. */
function recordRun({ name, vitest }: TestProject, ms: number): void {
	const modules = vitest.state
		.getTestModules()
		.filter(
			({ project, moduleId }) => project.name === name && moduleId.includes('/tests/server/')
		);
	const count = (state: 'passed' | 'failed') =>
		modules.reduce((sum, { children }) => sum + [...children.allTests(state)].length, 0);
	const failed = count('failed');
	const outcome = failed === 0 ? 'all passed' : `${failed} failed`;
	const minutes = Math.ceil(ms / 60_000);
	record(
		'the server’s own tests on a real libSQL server',
		count('passed') + failed,
		`${outcome}, ${modules.length} files in ${minutes} minutes with whatever else the machine did`
	);
}
