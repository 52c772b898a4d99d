/** @type {import('knip').KnipConfig} */
export default {
	entry: [
		'bench/{run,start}.js',
		'bench/modules/*.ts',
		'bench/page/*.bench.ts',
		'bench/page/playwright.config.ts',
		'bench/parts/*.ts',
		'bench/peers/*.js',
		'bench/programs/*.ts',
		'eslint.short.config.js',
		'scripts/build-admin.js',
		'scripts/figures.js',
		'scripts/health.js',
		'scripts/programs.js',
		'serve/aside.js',
		'src/admin/main.ts',
		'src/lib/browser/workers/*.worker.ts',
		'tests/hostile/weakened.config.ts',
		'tests/mutants/runner.js'
	],
	project: [
		'*.{js,ts}',
		'bench/**/*.{js,ts}',
		'scripts/**/*.js',
		'serve/**/*.js',
		'src/**/*.{css,svelte,ts}',
		'tests/**/*.{js,ts}'
	],
	// Exported to be named in a signature, or to be read beside what it is for.
	ignoreExportsUsedInFile: true,
	ignoreDependencies: [
		// A folder of ours that asks for the program which tests/sqld starts.
		'keyhold-sqld',
		// Named in project.inlang/settings.json.
		'@inlang/plugin-message-format',
		// Imported by sveltekit-rate-limiter, which does not declare it.
		'nanoid'
	],
	compilers: {
		css: (/** @type {string} */ text) =>
			importsIn(text, /(?:@import\s+|url\()['"](@?[a-z][^'"]+)['"]/g),
		svelte: (/** @type {string} */ text) =>
			[
				// What a component exports is called on its instance, not imported.
				...[...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, script = '']) =>
					script.replace(/^\s*export (?=function|async function|const)/gm, '')
				),
				importsIn(text, /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)
			].join('\n')
	}
};

/**
 * @param {string} text
 * @param {RegExp} pattern
 */
function importsIn(text, pattern) {
	return [...text.matchAll(pattern)].map(([, name]) => `import '${name ?? ''}';`).join('\n');
}
