import { expect, test } from 'vitest';
import { checkVectors } from './check.ts';
import vectors from './v1.json' with { type: 'json' };

const checks = await checkVectors(vectors);

test('there is a check for every known answer', () => {
	expect(checks.length).toBeGreaterThan(150);
});

test.each(checks)('$name', ({ ok }) => {
	expect(ok).toBe(true);
});
