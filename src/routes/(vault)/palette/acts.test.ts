import { describe, expect, test } from 'vitest';
import type { Vaults } from '#lib/browser/vaults.svelte.ts';
import { vaultActs } from './acts.ts';

describe('vaultActs', () => {
	test('marks the signs of a name that would turn the line', () => {
		const vault = { id: 'a', name: 'one\u202Etwo' };
		const vaults: Partial<Vaults> = {
			all: [{ ...vault, seq: 1, changedAtMs: 1, verifiedAtMs: 1, keys: [] }],
			several: true
		};
		const labels = vaultActs(vaults as Vaults).map(({ label }) => label);
		expect(labels.filter((label) => label.includes('‹202E›'))).toHaveLength(3);
		expect(labels.join('')).not.toContain('\u202E');
	});
});
