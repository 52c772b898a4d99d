import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What every file under a folder holds, by its path there. */
export function filesIn(folder: string): Map<string, Buffer> {
	const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
	const paths = entries
		.filter((entry) => entry.isFile())
		.map(({ parentPath, name }) => join(parentPath, name));
	return new Map(paths.map((path) => [relative(folder, path), readFileSync(path)]));
}
