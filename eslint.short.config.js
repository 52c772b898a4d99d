/**
 * What `npm test` lints with: everything, but components without the rules that need types. Each
 * component is another program to the compiler, so those rules take ten times as long there as all
 * others, and three fifths of the whole. `npm run lint` and `npm run test:long` have them.
 */
import { defineConfig } from 'eslint/config';
import ts from 'typescript-eslint';
import whole from './eslint.config.js';

export default defineConfig(whole, {
	files: ['**/*.svelte'],
	extends: [ts.configs.disableTypeChecked]
});
