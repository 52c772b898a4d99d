/** Who may import whom. The table and its reasons: docs/architecture.md. */
import { posix } from 'node:path';
import { importsOf } from './code.ts';
import { isProgram, type Fault, type Source } from './sources.ts';

interface Layer {
	readonly layers: readonly string[];
	/** Package names; `node:*` and `$app/*` stand for all that begin so. */
	readonly packages: readonly string[];
}

const CLIENT = [
	'encoding',
	'crypto',
	'protocol',
	'items',
	'api',
	'keyholder',
	'backup',
	'import',
	'i18n'
];

export const LAYERS: Readonly<Record<string, Layer>> = {
	encoding: { layers: [], packages: [] },
	crypto: { layers: ['encoding'], packages: ['hash-wasm'] },
	protocol: { layers: ['encoding', 'crypto'], packages: [] },
	items: { layers: ['encoding'], packages: [] },
	// Of i18n the list of the languages: it is what a request may say.
	api: { layers: ['encoding', 'i18n'], packages: ['zod'] },
	keyholder: { layers: ['encoding', 'crypto', 'protocol', 'items', 'api'], packages: [] },
	backup: { layers: ['encoding', 'items'], packages: ['age-encryption'] },
	import: { layers: ['encoding', 'crypto', 'items'], packages: [] },
	i18n: { layers: [], packages: [] },
	browser: {
		layers: CLIENT,
		packages: ['svelte', 'comlink', '@zxcvbn-ts/core', '@zxcvbn-ts/language-common']
	},
	ui: {
		layers: ['i18n'],
		packages: ['svelte', 'bits-ui', 'lucide', '@internationalized/date', 'uqr']
	},
	server: {
		layers: ['encoding', 'api', 'i18n'],
		packages: [
			'node:*',
			'nodemailer',
			'@simplewebauthn/server',
			'@sveltejs/kit',
			'lucia',
			'drizzle-orm',
			'@libsql/client',
			'sveltekit-rate-limiter',
			'pino'
		]
	},
	pages: {
		layers: ['browser', 'items', 'api', 'ui', 'i18n'],
		packages: [
			'svelte',
			'$app/*',
			'@sveltejs/kit',
			'lucide',
			'@fontsource-variable/inter',
			'@fontsource-variable/jetbrains-mono'
		]
	},
	endpoints: { layers: ['server', 'api'], packages: ['@sveltejs/kit', '$app/*'] },
	admin: { layers: ['encoding', 'server', 'api'], packages: ['node:*', 'age-encryption'] },
	cli: { layers: CLIENT, packages: ['node:*'] }
};

/** Server code holds nothing that could open a vault, by no chain of imports. */
const SERVER_SIDE = new Set(['server', 'endpoints', 'admin']);
const OUT_OF_REACH = new Set(['crypto', 'protocol', 'keyholder', 'backup', 'import', 'browser']);

/** The layer of a file or undefined where the table does not apply. */
export function layerOf(path: string): string | undefined {
	const library = /^src\/lib\/([^/]+)\//.exec(path)?.[1];
	if (library !== undefined) return library;
	if (path === 'src/hooks.server.ts' || /^src\/routes\/.*\+server\.ts$/.test(path)) {
		return 'endpoints';
	}
	if (path.startsWith('src/routes/api/')) return 'endpoints';
	if (path.startsWith('src/routes/') || path === 'src/hooks.client.ts') return 'pages';
	return /^src\/(admin|cli)\//.exec(path)?.[1];
}

/** Imports that the table does not allow. */
export function layerFaults(sources: readonly Source[]): Fault[] {
	return sources
		.filter(isProgram)
		.filter(({ path }) => path.startsWith('src/'))
		.flatMap((source) => {
			const own = layerOf(source.path);
			if (own === undefined) return [];
			const layer = LAYERS[own];
			if (layer === undefined) return [{ path: source.path, what: `${own} is not a layer` }];
			return importsOf(source)
				.map((specifier) => importFault(source.path, own, layer, specifier))
				.filter((what) => what !== undefined)
				.map((what) => ({ path: source.path, what }));
		});
}

/** Chains of imports by which the server would reach code that opens vaults. */
export function reachFaults(sources: readonly Source[]): Fault[] {
	const programs = new Map(sources.filter(isProgram).map((source) => [source.path, source]));
	const next = new Map(
		[...programs.values()].map((source) => [
			source.path,
			importsOf(source)
				.map((specifier) => projectPath(source.path, specifier))
				.filter((path) => path !== undefined && programs.has(path))
		])
	);
	return [...programs.keys()]
		.filter((path) => SERVER_SIDE.has(layerOf(path) ?? ''))
		.map((path) => forbiddenChain(path, next))
		.filter((chain) => chain !== undefined)
		.map((chain) => ({ path: chain[0] ?? '', what: `reaches ${chain.slice(1).join(' -> ')}` }));
}

function forbiddenChain(
	start: string,
	next: ReadonlyMap<string, readonly (string | undefined)[]>
): string[] | undefined {
	const seen = new Set([start]);
	const queue = [[start]];
	for (let chain = queue.shift(); chain !== undefined; chain = queue.shift()) {
		for (const path of next.get(chain.at(-1) ?? '') ?? []) {
			if (path === undefined || seen.has(path)) continue;
			seen.add(path);
			if (OUT_OF_REACH.has(layerOf(path) ?? '')) return [...chain, path];
			queue.push([...chain, path]);
		}
	}
	return undefined;
}

function importFault(
	from: string,
	own: string,
	{ layers, packages }: Layer,
	specifier: string
): string | undefined {
	const path = projectPath(from, specifier);
	if (path === undefined) {
		const allowed = packages.some((name) => isOf(name, specifier));
		return allowed ? undefined : `${own} may not import the package ${specifier}`;
	}
	if (isGivenByKit(path)) return undefined;
	if (specifier.startsWith('#lib/') && !/\.(ts|js|svelte|css)$/.test(specifier)) {
		return `the import of ${specifier} has no extension`;
	}
	const layer = layerOf(path) ?? 'root';
	if (layer === own || layers.includes(layer) || isStyle(path)) return undefined;
	return `${own} may not import ${layer} (${specifier})`;
}

function isOf(name: string, specifier: string): boolean {
	if (name.endsWith('*')) return specifier.startsWith(name.slice(0, -1));
	return specifier === name || specifier.startsWith(`${name}/`);
}

function isGivenByKit(path: string): boolean {
	return path.endsWith('/$types') || path.endsWith('/$types.js');
}

/** The one style sheet, imported by the root layout. */
function isStyle(path: string): boolean {
	return path === 'src/app.css';
}

/** The project's path that a specifier names, or undefined if it names a package. */
export function projectPath(from: string, specifier: string): string | undefined {
	if (specifier.startsWith('#lib/')) return `src/lib/${specifier.slice('#lib/'.length)}`;
	if (specifier.startsWith('$lib/')) return `src/lib/${specifier.slice('$lib/'.length)}`;
	if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
	return undefined;
}
