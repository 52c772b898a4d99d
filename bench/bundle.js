/**
 * Bundles a program of this folder with the product's own modules, as the product itself is bundled,
 * for plain Node. Vitest would run it too, but each access to an import through a proxy of its own,
 * which is not what is to be measured.
 */
import { join, parse } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Seen by no tool that reads the tree, and near enough for Node to find the packages. */
const folder = join(root, '.svelte-kit/bench');
/** Not in one word: a part that bundles a program has this file in its own bundle. */
const OWN_ADDRESS = ['import', 'meta', 'url'].join('.');

/**
 * @param {string} path Of the program, from the project.
 * @param {{ isWhole?: boolean }} how Whole: one file, packages and all, as what is started often is built.
 * @returns {Promise<string>} Where it is.
 */
export async function bundle(path, { isWhole = false } = {}) {
	const { name } = parse(path);
	await build({
		root,
		configFile: false,
		publicDir: false,
		logLevel: 'error',
		plugins: [{ name: 'addresses', transform: withOwnAddress }],
		...(isWhole ? { ssr: { noExternal: true } } : {}),
		build: {
			ssr: true,
			target: 'node20',
			outDir: folder,
			emptyOutDir: false,
			minify: false,
			rolldownOptions: {
				input: { [name]: join(root, path) },
				output: {
					entryFileNames: '[name].js',
					chunkFileNames: `${name}-[name].js`,
					...(isWhole ? { codeSplitting: false } : {})
				}
			}
		}
	});
	return join(folder, `${name}.js`);
}

/**
 * Whatever a module finds beside itself, it finds beside its source.
 *
 * @param {string} code
 * @param {string} id
 */
function withOwnAddress(code, id) {
	if (!id.startsWith(root) || id.includes('/node_modules/')) return undefined;
	return code.replaceAll(OWN_ADDRESS, JSON.stringify(pathToFileURL(id).href));
}
