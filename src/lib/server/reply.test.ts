import { afterEach, describe, expect, test, vi } from 'vitest';
import { routes } from '#lib/api/routes.ts';
import { CommitReply, VaultHead } from '#lib/api/vaults.ts';
import { z } from '#lib/api/zod.ts';
import { jsonResponse } from '#lib/server/reply.ts';

const id = 'AAAAAAAAAAAAAAAAAAAAAA';

function head(sheetCount: number): VaultHead {
	return {
		manifest: { seq: 7, generation: 1, blob: new Uint8Array(232).fill(1) },
		chain: [new Uint8Array(32).fill(2), new Uint8Array(32).fill(3)],
		sheets: Array.from({ length: sheetCount }, (_, index) => ({
			id,
			revision: index + 1,
			blob: new Uint8Array(4_125).fill(index)
		}))
	};
}

/** A response, and how often its memory was given back and its connection cut. */
function sent(schema: z.ZodMiniType, reply: unknown) {
	const calls = { done: 0, cut: 0, failed: 0 };
	const response = jsonResponse(schema, reply, {
		status: 200,
		headers: new Headers(),
		done: () => calls.done++,
		cut: () => calls.cut++,
		failed: () => calls.failed++
	});
	return { response, calls };
}

function answer(schema: z.ZodMiniType, reply: unknown): Response {
	return sent(schema, reply).response;
}

describe('jsonResponse', () => {
	test.each([0, 1, 40, 47, 48, 500])('writes a vault of %i sheets as zod would', async (count) => {
		const json: unknown = await answer(VaultHead, head(count)).json();
		expect(json).toEqual(z.encode(VaultHead, head(count)));
	});

	test('sends what is large in pieces', async () => {
		const { body } = answer(VaultHead, head(500));
		let pieces = 0;
		if (body !== null) for await (const piece of body) pieces += piece.length > 0 ? 1 : 0;
		expect(pieces).toBeGreaterThan(5);
	});

	test('writes nothing that nobody reads', async () => {
		let taken = 0;
		const counted = head(2_000);
		for (const sheet of counted.sheets) {
			const { blob } = sheet;
			Object.defineProperty(sheet, 'blob', {
				enumerable: true,
				get: () => {
					taken++;
					return blob;
				}
			});
		}
		await answer(VaultHead, counted).body?.cancel();
		expect(taken).toBeLessThan(500);
	});

	test('follows a union to the option that it is', async () => {
		const conflict = { outcome: 'conflict' as const, head: head(2) };
		expect(await answer(CommitReply, conflict).json()).toEqual(z.encode(CommitReply, conflict));
		const stored = { outcome: 'stored' as const, seq: 3 };
		expect(await answer(CommitReply, stored).json()).toEqual(stored);
	});

	test('leaves out what is optional and not there', async () => {
		const reply = { slot: id, wrap: new Uint8Array(117) };
		const text = await answer(routes.verify.reply, reply).text();
		expect(text).not.toContain('session');
	});

	test('refuses to send a member that the schema does not name', () => {
		expect(() => answer(VaultHead, { ...head(0), wrap: 'secret' })).toThrow('does not name');
		const slots = { account: id, more: 1 };
		expect(() => answer(routes.register.reply, slots)).toThrow('does not name');
	});

	test('refuses to send bytes of a size that the schema does not allow', () => {
		const reply = { slot: id, wrap: new Uint8Array(116) };
		expect(() => answer(routes.verify.reply, reply)).toThrow();
	});
});

describe('what a reply holds', () => {
	afterEach(() => {
		vi.useRealTimers();
	});

	test('is given back at once if it is small', () => {
		expect(sent(VaultHead, head(1)).calls).toMatchObject({ done: 1, cut: 0 });
	});

	test('is given back when all of it was sent, not before', async () => {
		const { response, calls } = sent(VaultHead, head(500));
		expect(calls.done).toBe(0);
		await response.text();
		expect(calls).toMatchObject({ done: 1, cut: 0 });
	});

	test('is given back when whoever asked leaves', async () => {
		const { response, calls } = sent(VaultHead, head(500));
		await response.body?.cancel();
		expect(calls).toMatchObject({ done: 1, cut: 0 });
	});

	test('is given back, and the fault told, when a later part cannot be written', async () => {
		const broken = head(500);
		Object.defineProperty(broken.sheets[400], 'blob', {
			enumerable: true,
			get: () => {
				throw new Error('does not open');
			}
		});
		const { response, calls } = sent(VaultHead, broken);
		await expect(response.text()).rejects.toThrow('does not open');
		expect(calls).toEqual({ done: 1, cut: 0, failed: 1 });
	});

	test('is taken from whoever does not take it in five minutes, with the connection', async () => {
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
		const { response, calls } = sent(VaultHead, head(500));
		vi.advanceTimersByTime(299_999);
		expect(calls).toMatchObject({ done: 0, cut: 0 });
		vi.advanceTimersByTime(1);
		expect(calls).toMatchObject({ done: 1, cut: 1 });
		await expect(response.text()).rejects.toThrow('in time');
	});
});
