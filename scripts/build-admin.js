/**
 * `node scripts/build-admin.js FOLDER`: the host's command as one file that plain Node runs. As in the
 * server's build, what package.json calls dependencies stays outside and the rest goes in.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const [folder = 'build'] = process.argv.slice(2);

/** @type {{ dependencies: Record<string, string> }} */
const { dependencies } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));

await build({
	root,
	configFile: false,
	publicDir: false,
	logLevel: 'warn',
	ssr: {
		external: Object.keys(dependencies),
		noExternal: true,
		// Of the server's rate limiter, which is packaged for Svelte's tools.
		resolve: { conditions: ['svelte', 'module', 'node', 'production'] }
	},
	build: {
		ssr: 'src/admin/main.ts',
		target: 'node20',
		outDir: resolve(root, folder),
		emptyOutDir: false,
		rolldownOptions: { output: { entryFileNames: 'admin.js', codeSplitting: false } }
	}
});
