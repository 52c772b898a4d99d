/** `npm run admin -- COMMAND`: the host's command, from the build. */
import { existsSync } from 'node:fs';
import { readEnvironment, StartFault } from '../serve/environment.js';

/** As in src/admin/errors.ts. */
const FAILED = 3;

const built = new URL('../build/admin.js', import.meta.url);

// Whoever reads what it says may stop before the end, as `head` does: what was asked is done.
process.stdout.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
	if (error.code !== 'EPIPE') throw error;
});
// What it writes is for this user only.
process.umask(0o077);
if (!existsSync(built)) {
	process.stderr.write('There is no build. Run: npm ci && npm run build\n');
	process.exitCode = FAILED;
} else {
	try {
		readEnvironment(process.env);
		const { run } = /** @type {typeof import('../src/admin/main.ts')} */ (await import(built.href));
		process.exitCode = await run(process.argv.slice(2), process.env);
	} catch (error) {
		if (!(error instanceof StartFault)) throw error;
		process.stderr.write(`${error.message}\n`);
		process.exitCode = FAILED;
	}
}
