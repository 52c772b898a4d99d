/** `npm start`: builds if the build is missing or stale, then runs the server in this process. */
import { build, buildState, canBuild } from './build.js';

const state = buildState();
if (state !== 'fresh' && !canBuild()) {
	process.stderr.write(
		`The build is ${state}, and the tools to make it are not installed. Run: npm ci --include=dev && npm run build\n`
	);
	process.exit(1);
}
if (state !== 'fresh') {
	process.stdout.write(`The build is ${state}: building, about half a minute.\n`);
	try {
		build('pipe');
	} catch (error) {
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
		process.exit(1);
	}
}
await import('../server.js');
