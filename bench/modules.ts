/** Modules of bench/modules/, bundled with the product's own for a browser. */
import { createServer } from 'node:http';
import { build } from 'vite';

/** The module and its chunks, by path: `/bench/NAME.js` and what that imports. */
export async function bundled(name: string): Promise<ReadonlyMap<string, string>> {
	const built = await build({
		configFile: false,
		logLevel: 'error',
		build: {
			write: false,
			rolldownOptions: {
				input: `bench/modules/${name}.ts`,
				preserveEntrySignatures: 'strict',
				output: { entryFileNames: `bench/${name}.js`, chunkFileNames: 'bench/[name].js' }
			}
		}
	});
	const outputs = Array.isArray(built) ? built : 'output' in built ? [built] : [];
	const chunks = outputs.flatMap(({ output }) => output).filter((file) => file.type === 'chunk');
	return new Map(chunks.map((chunk) => [`/${chunk.fileName}`, chunk.code]));
}

/** Serves them, and an empty page, to a browser on this machine. */
export async function serveModules(
	files: ReadonlyMap<string, string>
): Promise<{ readonly origin: string; close(): void }> {
	const server = createServer((request, response) => {
		const code = files.get(request.url ?? '');
		response.setHeader('content-type', code === undefined ? 'text/html' : 'text/javascript');
		response.setHeader('cache-control', 'max-age=3600');
		response.end(code ?? '<!doctype html><title>bench</title>');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
	const close = () => {
		server.closeAllConnections();
		server.close();
	};
	return { origin: `http://localhost:${port}`, close };
}
