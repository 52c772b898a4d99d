/** The project keeps its own rules. Each rule is also shown to see a fault that is planted. */
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cycleFaults } from './tidy/cycles.ts';
import { dependencyFaults } from './tidy/dependencies.ts';
import { directionFaults } from './tidy/directions.ts';
import { homeFaults } from './tidy/homes.ts';
import { LAYERS, layerFaults, reachFaults } from './tidy/layers.ts';
import { colourFaults, nameFaults, scrollFaults, wordFaults } from './tidy/names.ts';
import { partFaults } from './tidy/parts.ts';
import { readSources, type Source } from './tidy/sources.ts';

const sources = readSources(process.cwd());

function file(path: string, text = ''): Source {
	return { path, text };
}

describe('the layers', () => {
	test('import only what the table allows', () => {
		expect(layerFaults(sources)).toEqual([]);
	});

	test.each(
		Object.entries(LAYERS).flatMap(([from, { layers }]) =>
			Object.keys(LAYERS)
				.filter((to) => to !== from && !layers.includes(to))
				.map((to) => [from, to] as const)
		)
	)('%s may not import %s', (from, to) => {
		const planted = file(fileIn(from), `import { x } from '${specifierOf(from, to)}';`);
		expect(layerFaults([planted])).toHaveLength(1);
	});

	test.each([
		['type-only', "import type { X } from '#lib/server/env.ts';"],
		['dynamic', "const x = await import('#lib/server/env.ts');"],
		['re-exporting', "export { x } from '#lib/server/env.ts';"],
		['relative', "import { x } from '../server/env.ts';"],
		['side-effect', "import '#lib/server/env.ts';"]
	])('see a %s import', (_kind, text) => {
		expect(layerFaults([file('src/lib/crypto/x.ts', text)])).toHaveLength(1);
	});

	test('see an import in a component', () => {
		const planted = `<script lang="ts">import { x } from '#lib/keyholder/x.ts';</script><p>x</p>`;
		expect(layerFaults([file('src/routes/+page.svelte', planted)])).toHaveLength(1);
	});

	test('see a package that the layer may not use', () => {
		const planted = file('src/lib/keyholder/x.ts', "import { z } from 'zod';");
		expect(layerFaults([planted])).toHaveLength(1);
	});

	test('see a folder that is no layer', () => {
		expect(layerFaults([file('src/lib/other/x.ts', '')])).toHaveLength(1);
	});

	test('see an import without its extension', () => {
		const planted = file('src/lib/crypto/x.ts', "import { x } from '#lib/encoding/bytes';");
		expect(layerFaults([planted])).toHaveLength(1);
	});
});

describe('imports', () => {
	const a = 'src/lib/ui/a.ts';
	const b = 'src/lib/ui/b.ts';

	test('lead nowhere back', () => {
		expect(cycleFaults(sources)).toEqual([]);
	});

	test.each([
		["import { b } from '#lib/ui/b.ts';", "import { a } from './a.ts';"],
		["export * from './b.ts';", "import { type A, a } from './a.ts';"],
		["import './b.ts';", "export { a } from './a.ts';"]
	])('are seen to: %s', (one, other) => {
		expect(cycleFaults([file(a, one), file(b, other)])).toHaveLength(2);
	});

	test.each([
		"import type { A } from './a.ts';",
		"import { type A } from './a.ts';",
		"export type { A } from './a.ts';",
		"const a = await import('./a.ts');"
	])('may be of types, or come later: %s', (other) => {
		expect(cycleFaults([file(a, "import { b } from './b.ts';"), file(b, other)])).toEqual([]);
	});
});

describe('the server', () => {
	test('reaches no code that could open a vault', () => {
		expect(reachFaults(sources)).toEqual([]);
	});

	test.each(['crypto', 'protocol', 'keyholder', 'backup', 'browser'])(
		'is seen to reach %s by a chain',
		(layer) => {
			const faults = reachFaults([
				file('src/lib/server/a.ts', "import { b } from '#lib/api/b.ts';"),
				file('src/lib/api/b.ts', "import { c } from '#lib/encoding/c.ts';"),
				file('src/lib/encoding/c.ts', `import { d } from '#lib/${layer}/d.ts';`),
				file(`src/lib/${layer}/d.ts`)
			]);
			expect(faults.map(({ path }) => path)).toEqual(['src/lib/server/a.ts']);
		}
	);

	test('is seen to reach it from an endpoint and from the host’s command', () => {
		const faults = reachFaults([
			file('src/routes/api/v1/x/+server.ts', "import { x } from '#lib/crypto/x.ts';"),
			file('src/admin/x.ts', "import { x } from '#lib/crypto/x.ts';"),
			file('src/lib/crypto/x.ts')
		]);
		expect(faults).toHaveLength(2);
	});
});

describe('dangerous things', () => {
	test('stay at home', () => {
		expect(homeFaults(sources)).toEqual([]);
	});

	test.each([
		['crypto.subtle', 'await crypto.subtle.digest("SHA-256", x);'],
		['crypto.subtle', 'const { subtle } = crypto;'],
		['fetch(', 'await fetch("/api");'],
		['fetch(', 'await globalThis.fetch("/api");'],
		['localStorage', 'localStorage.setItem("a", "b");'],
		['indexedDB', 'indexedDB.open("a");'],
		['process.env', 'const x = process.env.PORT;'],
		['process.env', "import { PORT } from '$env/static/private';"],
		['console', 'console.log(1);'],
		['lucia', "import { Lucia } from 'lucia';"],
		['Math.random', 'const x = Math.random();'],
		['Intl', 'new Intl.NumberFormat("en").format(1);'],
		['localeCompare', 'names.sort((a, b) => a.localeCompare(b));'],
		['toLocaleString', 'const text = new Date().toLocaleString();'],
		['a transaction', 'await db.transaction(async () => {});'],
		['a batch without a mode', 'await client.batch([f(1), g(2)]);'],
		['a batch without a mode', "await client.batch([f(1)], 'deferred');"]
	])('are seen elsewhere: %s in %s', (_thing, text) => {
		expect(homeFaults([file('src/lib/keyholder/x.ts', text)])).toHaveLength(1);
	});

	test('are seen in the markup of a component', () => {
		expect(homeFaults([file('src/lib/ui/X.svelte', '<p>{@html x}</p>')])).toHaveLength(1);
	});

	test('may be spoken of in comments', () => {
		const text = '/** Never calls fetch( nor console.log. */\nexport const x = 1; // Math.random';
		expect(homeFaults([file('src/lib/keyholder/x.ts', text)])).toEqual([]);
	});

	test('may be a batch with its mode', () => {
		const text = "await client.batch([f(1), g(2)], 'write');";
		expect(homeFaults([file('src/lib/server/db/x.ts', text)])).toEqual([]);
	});
});

describe('names', () => {
	test('say what is in a file', () => {
		expect(nameFaults(sources)).toEqual([]);
	});

	test.each([
		'src/lib/crypto/utils.ts',
		'src/lib/helpers/x.ts',
		'src/lib/server/services/x.ts',
		'scripts/common.js',
		'src/lib/crypto/index.ts'
	])('%s is seen', (path) => {
		expect(nameFaults([file(path)])).toHaveLength(1);
	});
});

describe('words', () => {
	test('belong in the project', () => {
		expect(wordFaults(sources)).toEqual([]);
	});

	test.each([
		'// TODO: later',
		'// eslint-disable-next-line no-console',
		'// @ts-expect-error',
		'const x = y as unknown as string;',
		'const x = y as any;',
		"const path = '/home/me/x';",
		"const path = '../../shared/x';",
		'const text = "Lorem ipsum";'
	])('%s is seen', (text) => {
		expect(wordFaults([file('src/x.ts', text)])).toHaveLength(1);
	});

	test.each([
		['AKIA', 'ABCDEFGH23456722'],
		['ghp_', 'B2'.repeat(18)],
		['sk_test_', 'a1'.repeat(12)],
		['sk-proj-', 'Ab3'.repeat(12)]
	])('are no keys that look like somebody’s: %s', (beginning, rest) => {
		expect(wordFaults([file('docs/x.md', `\`${beginning}${rest}\``)])).toHaveLength(1);
		expect(wordFaults([file('docs/x.md', `${beginning}…`)])).toEqual([]);
	});

	test('may lead to another folder of the project', () => {
		expect(wordFaults([file('docs/x.md', 'See ../src/lib and ../README.md.')])).toEqual([]);
	});
});

describe('what scrolls', () => {
	test('holds what is placed in it', () => {
		expect(scrollFaults(sources)).toEqual([]);
	});

	test.each(['overflow: auto', 'overflow-y: scroll'])('is seen to: %s', (style) => {
		const planted = (more: string) =>
			file('src/lib/ui/X.svelte', `<style>p {${style};${more}}</style>`);
		expect(scrollFaults([planted('')])).toHaveLength(1);
		expect(scrollFaults([planted('position: relative')])).toEqual([]);
	});
});

describe('colours', () => {
	test('have their values in one style sheet', () => {
		expect(colourFaults(sources)).toEqual([]);
	});

	test.each([
		['src/lib/ui/X.svelte', '<style>p { color: #fff; }</style>'],
		['src/lib/ui/X.svelte', '<script>const x = "#a1b2c3";</script>'],
		['src/lib/items/x.ts', "const hue = '#B8860B';"],
		['src/lib/ui/x.css', 'p { color: #12345678; }']
	])('are seen in %s: %s', (path, text) => {
		expect(colourFaults([file(path, text)])).toHaveLength(1);
	});

	test('are not private names nor places in a page', () => {
		const text = "class X { #fed = 1; f() { return this.#fed; } }\nconst href = '#add';";
		expect(colourFaults([file('src/lib/browser/x.ts', text)])).toEqual([]);
	});
});

describe('directions', () => {
	test('are those of the line', () => {
		expect(directionFaults(sources)).toEqual([]);
	});

	test.each([
		'p { margin-left: 1px; }',
		'p { border-right-color: red; }',
		'p { border-top-left-radius: 0; }',
		'p { left: 0; }',
		'p { text-align: right; }'
	])('are seen to be of one side: %s', (style) => {
		expect(directionFaults([file('src/lib/ui/X.svelte', `<style>${style}</style>`)])).toHaveLength(
			1
		);
		expect(directionFaults([file('src/x.css', style)])).toHaveLength(1);
	});

	test('may be measured in a script', () => {
		const text = '<script>const place = { left: 0 };</script>';
		expect(directionFaults([file('src/lib/ui/X.svelte', text)])).toEqual([]);
	});
});

describe('parts that are loaded', () => {
	const part = "{#await import('./X.svelte') then { default: X }}<X />";

	test('say so where they do not load', () => {
		expect(partFaults(sources)).toEqual([]);
	});

	test('are seen where they do not', () => {
		const other = `${part}{:catch}<p>x</p>{/await}`;
		const planted = file('src/routes/X.svelte', `${part}{/await}${other}`);
		expect(partFaults([planted])).toHaveLength(1);
	});
});

describe('dependencies', () => {
	test('are pinned and have their sentence', () => {
		expect(dependencyFaults(sources)).toEqual([]);
	});

	test.each([
		['a range', '{"dependencies":{"a":"^1.0.0"}}', '- `a`: Does it.'],
		['no sentence', '{"dependencies":{"a":"1.0.0"}}', ''],
		['two sentences', '{"dependencies":{"a":"1.0.0"}}', '- `a`: Does it.\n- `a`: Does it.'],
		['no full stop', '{"devDependencies":{"a":"1.0.0"}}', '- `a`: does it'],
		['a package that left', '{}', '- `a`: Does it.']
	])('are seen with %s', (_fault, manifest, document) => {
		const planted = [file('package.json', manifest), file('docs/dependencies.md', document)];
		expect(dependencyFaults(planted)).toHaveLength(1);
	});
});

function fileIn(layer: string): string {
	if (layer === 'pages') return 'src/routes/x.ts';
	if (layer === 'endpoints') return 'src/routes/api/x/+server.ts';
	return layer === 'admin' || layer === 'cli' ? `src/${layer}/x.ts` : `src/lib/${layer}/x.ts`;
}

function specifierOf(from: string, to: string): string {
	const path = fileIn(to);
	if (path.startsWith('src/lib/')) return `#lib/${path.slice('src/lib/'.length)}`;
	const relative = posix.relative(posix.dirname(fileIn(from)), path);
	return relative.startsWith('.') ? relative : `./${relative}`;
}
