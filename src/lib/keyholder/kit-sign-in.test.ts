import { afterEach, describe, expect, test, vi } from 'vitest';
import { beginByKit } from '#lib/keyholder/kit-sign-in.ts';
import { readEmail } from '#lib/keyholder/typed.ts';
import { writeKit } from '#lib/protocol/recovery-kit.ts';
import { recoveryLocator } from '#lib/protocol/slots.ts';
import { EMAIL, errorOf } from '../../../tests/hostile/harness.ts';
import { scriptedLink } from '../../../tests/hostile/scripted-link.ts';
import { SecretMemory } from '../../../tests/hostile/secret-memory.ts';

afterEach(() => {
	vi.restoreAllMocks();
});

describe('a kit that was typed', () => {
	test.each([
		['the server does not answer', []],
		['it is not known', ['auth']]
	])('is gone where %s', async (_, answers) => {
		const memory = new SecretMemory();
		const kit = await writeKit(new Uint8Array(20).fill(7));
		const { link } = scriptedLink(answers);
		await errorOf(() => beginByKit(link, readEmail(EMAIL), kit, undefined));
		expect(memory.left()).toEqual([]);
	});

	test('is sent as its locator', async () => {
		const r20 = new Uint8Array(20).fill(7);
		const { link, sent } = scriptedLink([]);
		const kit = await writeKit(r20);
		await errorOf(() => beginByKit(link, readEmail(EMAIL), kit, undefined));
		const locator = Buffer.from(await recoveryLocator(r20)).toString('base64url');
		expect(sent.map(({ body }) => body)).toEqual([{ locator, purpose: 1 }]);
	});
});
