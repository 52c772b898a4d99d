/**
 * The known answers in a real browser: the same checks as in Node, on the browser's own
 * cryptography. It needs no server of the product, only a page of a secure origin.
 */
import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'vite';
import type * as check from '../vectors/check.ts';

const PAGE = '<!doctype html><title>vectors</title>';

/** The module `tests/vectors/check.ts` and its chunks, by path. */
async function bundled(): Promise<ReadonlyMap<string, string>> {
	const built = await build({
		configFile: false,
		logLevel: 'error',
		build: {
			write: false,
			minify: false,
			rolldownOptions: {
				input: 'tests/vectors/check.ts',
				preserveEntrySignatures: 'strict',
				output: { entryFileNames: 'check.js', chunkFileNames: '[name].js' }
			}
		}
	});
	const outputs = Array.isArray(built) ? built : 'output' in built ? [built] : [];
	const chunks = outputs.flatMap(({ output }) => output).filter((file) => file.type === 'chunk');
	return new Map(chunks.map((chunk) => [`/${chunk.fileName}`, chunk.code]));
}

/** Listens on a free port of this machine. */
async function serve(files: ReadonlyMap<string, string>): Promise<Server> {
	const server = createServer((request, response) => {
		const script = files.get(request.url ?? '');
		response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript');
		response.end(script ?? PAGE);
	});
	await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
	return server;
}

test('the browser gives every known answer', async ({ page }) => {
	const vectors: unknown = JSON.parse(readFileSync('tests/vectors/v1.json', 'utf8'));
	const server = await serve(await bundled());
	try {
		const { port } = server.address() as AddressInfo;
		await page.goto(`http://localhost:${port}/`);
		const checks = await page.evaluate(async (known) => {
			const script = '/check.js';
			const { checkVectors } = (await import(script)) as typeof check;
			return checkVectors(known as Parameters<typeof checkVectors>[0]);
		}, vectors);
		expect(checks.filter(({ ok }) => !ok)).toEqual([]);
		expect(checks.length).toBeGreaterThan(150);
	} finally {
		server.close();
	}
});
