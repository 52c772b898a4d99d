/** Before the server's tests on a libSQL server: starts one, and says where it is. */
import type { TestProject } from 'vitest/node';
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
	return async () => {
		door.close();
		await sqld.remove();
	};
}
