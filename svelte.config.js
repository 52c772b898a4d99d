import adapter from '@sveltejs/adapter-node';
import { readFileSync } from 'node:fs';

/** @type {{ version: string }} */
const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));

/** @type {import('@sveltejs/kit').Config} */
export default {
	kit: {
		adapter: adapter({ precompress: false }),
		// server.js checks the origin of every unsafe method itself; see docs/decisions.
		paths: { relative: false },
		// A fixed name makes builds byte-reproducible.
		version: { name: version }
	}
};
