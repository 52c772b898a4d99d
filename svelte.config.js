import adapter from '@sveltejs/adapter-node';
import { readFileSync, writeFileSync } from 'node:fs';

/** @type {{ version: string }} */
const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));

const out = 'build';
const node = adapter({ out, precompress: true });

/** What tsc and eslint read beside Kit's own list: everything that plain Node runs. */
const alsoChecked = ['*.js', '*.ts', 'bench', 'scripts', 'serve', 'static'];

/** @type {import('@sveltejs/kit').Config} */
export default {
	kit: {
		adapter: { ...node, adapt },
		// One inline script with one text on every page, so that the policy needs one hash.
		paths: { relative: false },
		typescript: {
			config: (config) => {
				config.include.push(...alsoChecked.map((name) => `../${name}`));
			}
		},
		// A fixed name makes builds byte-reproducible.
		version: { name: version }
	}
};

/**
 * Writes beside the build what `server.js` answers by itself, since Kit would answer unknown paths
 * under `/api/` and wrong methods with a page: the endpoints with their methods, and the shell that
 * carries the "not found" page.
 *
 * @param {import('@sveltejs/kit').Builder} builder
 */
async function adapt(builder) {
	await node.adapt(builder);
	await builder.generateFallback(`${out}/not-found.html`);
	const endpoints = builder.routes
		.filter(({ api }) => api.methods.length > 0)
		.map(({ pattern, api }) => ({ pattern: pattern.source, methods: api.methods }));
	writeFileSync(`${out}/endpoints.json`, JSON.stringify(endpoints, null, '\t') + '\n');
}
