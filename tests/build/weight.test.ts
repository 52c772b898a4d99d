/**
 * How much JavaScript a browser loads before a person can do anything. Bytes are the same on every
 * machine, so here a limit finds what grew; the bench counts what a real browser asks for.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const CLIENT = 'build/client';
const WORKERS = '_app/immutable/workers';
/** Loaded to open the wallet, besides its page. */
const WORKER = /^(?:keyholder|argon2|lender)\.worker-.*\.js$/;
const STATIC = /(?:from|import)\s*["']\.\/([^"']+\.js)["']/g;
/** What the worker that derives loads for it; the others load what they are asked for. */
const DERIVING = /import\(["'`]\.\/([^"'`]+\.js)["'`]\)/g;

/** Scripts that the page of this name asks for at once. */
function scriptsOf(page: string): readonly string[] {
	const html = readFileSync(join('build/prerendered', `${page}.html`), 'utf8');
	const links = html.matchAll(/<link href="\/([^"]+\.js)" rel="modulepreload">/g);
	return Array.from(links, ([, path = '']) => path);
}

/** The workers, with what they are made of from their start. */
function workerScripts(): readonly string[] {
	const names = readdirSync(join(CLIENT, WORKERS)).filter((name) => WORKER.test(name));
	const scripts = new Set(names.map((name) => `${WORKERS}/${name}`));
	for (const script of scripts) {
		const text = readFileSync(join(CLIENT, script), 'utf8');
		const derives = script.includes('/argon2.worker-');
		const imports = [...text.matchAll(STATIC), ...(derives ? text.matchAll(DERIVING) : [])];
		for (const [, path = ''] of imports) scripts.add(join(script, '..', path));
	}
	return [...scripts];
}

/** Kilobytes as they are sent, gzip. */
function weightOf(scripts: readonly string[]): number {
	const sizes = [...new Set(scripts)].map((script) => statSync(join(CLIENT, `${script}.gz`)).size);
	return sizes.reduce((sum, size) => sum + size, 0) / 1_000;
}

test('the unlock page loads no more than 100 kB', () => {
	const door = scriptsOf('login');
	expect(door.length).toBeGreaterThan(3);
	expect(weightOf(door)).toBeLessThan(100);
});

// Of the 150 kB of the goal one is left for what an open wallet loads by itself a moment later.
test('the wallet and its workers are no more than 149 kB', () => {
	const workers = workerScripts();
	expect(workers).toHaveLength(5);
	expect(weightOf([...scriptsOf('login'), ...scriptsOf('wallet'), ...workers])).toBeLessThan(149);
});
