/**
 * The real server behind one that counts the scripts which pass: a browser's own look at its requests
 * leaves out what a worker that all tabs share is made of.
 */
import { createServer, request } from 'node:http';
import { freePort, removeFolder, startServer } from '../tests/server-process.ts';

export interface CountingServer {
	readonly origin: string;
	/** Kilobytes of scripts as they were sent, gzip, since the last look; each is counted once. */
	scripts(): number;
	stop(): Promise<void>;
}

export async function countingServer(
	variables: Readonly<Record<string, string>>
): Promise<CountingServer> {
	const port = await freePort();
	const origin = `http://localhost:${port}`;
	const behind = await startServer({ ...variables, ORIGIN: origin });
	const sizes = new Map<string, number>();
	const front = createServer((asked, answer) => {
		const { method, url: path = '' } = asked;
		const headers = { ...asked.headers, 'accept-encoding': 'gzip' };
		const options = { host: '127.0.0.1', port: behind.port, method, path, headers };
		const passing = request(options, (response) => {
			const isScript = path.endsWith('.js');
			// Whatever was loaded before, in another tab too, is asked for again.
			const kept = isScript ? { 'cache-control': 'no-store' } : {};
			answer.writeHead(response.statusCode ?? 502, { ...response.headers, ...kept });
			let bytes = 0;
			response.on('data', (chunk: Buffer) => (bytes += chunk.length));
			response.once('end', () => {
				if (isScript) sizes.set(path, bytes / 1_000);
			});
			response.pipe(answer);
		});
		passing.once('error', () => answer.destroy());
		asked.pipe(passing);
	});
	await new Promise<void>((resolve) => front.listen(port, resolve));
	return {
		origin,
		scripts: () => {
			const all = [...sizes.values()];
			sizes.clear();
			return all.reduce((total, size) => total + size, 0);
		},
		stop: async () => {
			front.closeAllConnections();
			front.close();
			await behind.stop();
			removeFolder(behind.folder);
		}
	};
}
