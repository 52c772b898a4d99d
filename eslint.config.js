import svelte from 'eslint-plugin-svelte';
import { defineConfig, globalIgnores } from 'eslint/config';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

export default defineConfig(
	globalIgnores([
		'./build/',
		'./data/',
		'./drizzle/',
		'node_modules/',
		'playwright-report/',
		'reports/',
		'src/lib/i18n/generated/',
		'test-results/',
		'.stryker-tmp/',
		'.svelte-kit/'
	]),
	{ linterOptions: { reportUnusedDisableDirectives: 'error' } },
	ts.configs.strictTypeChecked,
	svelte.configs.recommended,
	{
		languageOptions: {
			parserOptions: {
				projectService: true,
				tsconfigRootDir: import.meta.dirname,
				extraFileExtensions: ['.svelte']
			}
		},
		rules: {
			// The compiler finds undefined names, in JavaScript too (`checkJs`), and knows the globals.
			'no-undef': 'off',
			eqeqeq: 'error',
			'no-eval': 'error',
			'no-var': 'error',
			'prefer-const': 'error',
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/no-import-type-side-effects': 'error',
			// Numbers in template strings are written as they are meant.
			'@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
			'@typescript-eslint/switch-exhaustiveness-check': [
				'error',
				{ considerDefaultExhaustiveForUnions: true }
			]
		}
	},
	{
		files: ['src/**', 'serve/**', 'scripts/**', 'server.js'],
		ignores: ['**/*.test.ts'],
		rules: {
			// One idea a file, a function on one screen.
			'max-lines': ['error', 300],
			'max-lines-per-function': ['error', 60]
		}
	},
	{
		// A component is three texts in one file.
		files: ['**/*.svelte'],
		rules: {
			'max-lines': 'off',
			'svelte/max-lines-per-block': ['error', { script: 200, template: 200, style: 200 }]
		}
	},
	{
		// A cast in a JSDoc comment is seen by the compiler only; to eslint the value stays `any`.
		files: ['**/*.js'],
		rules: {
			'@typescript-eslint/no-unsafe-argument': 'off',
			'@typescript-eslint/no-unsafe-assignment': 'off',
			'@typescript-eslint/no-unsafe-call': 'off',
			'@typescript-eslint/no-unsafe-member-access': 'off',
			'@typescript-eslint/no-unsafe-return': 'off'
		}
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
		rules: {
			// `let { a = $bindable(), b } = $props()` is one statement: all or none can be const.
			'prefer-const': 'off',
			'svelte/no-at-html-tags': 'error',
			// The content security policy drops `style` attributes. A `style:` directive is set by script,
			// which it allows, and is how a computed length reaches an element.
			'no-restricted-syntax': [
				'error',
				{ selector: 'SvelteAttribute[key.name="style"]', message: 'Use a class or style:name.' }
			],
			'svelte/prefer-const': ['error', { destructuring: 'all' }]
		}
	}
);
