/**
 * Whether the server on this machine can serve, as an exit code: what a container engine asks for
 * now and then. It asks the port of the environment, as the server does.
 */
import { env } from 'node:process';

const ANSWERS_WITHIN_MS = 8_000;

const { PORT: port = '3000' } = env;
try {
	const { status } = await fetch(`http://127.0.0.1:${port}/readyz`, {
		signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
		// Where a proxy tells addresses the server looks for one; this is nobody's.
		headers: { 'x-forwarded-for': '127.0.0.1' }
	});
	process.exitCode = status === 200 ? 0 : 1;
} catch {
	process.exitCode = 1;
}
