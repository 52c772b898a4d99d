import { describe, expect, test } from 'vitest';
import { encode } from '#lib/encoding/base64url.ts';
import { COMMIT_RECORDS, SECRET_MIN_BYTES, SHEET_MIN_BYTES } from '#lib/api/limits.ts';
import { CommitRequest, SecretsRequest } from '#lib/api/vaults.ts';
import { z } from '#lib/api/zod.ts';

const text = (length: number) => encode(new Uint8Array(length));
const id = (number: number) => {
	const bytes = new Uint8Array(16);
	new DataView(bytes.buffer).setUint32(0, number);
	return encode(bytes);
};
const commit = {
	expected: { seq: 1, head: text(32) },
	sheets: [{ id: id(1), blob: text(SHEET_MIN_BYTES) }],
	droppedSheets: [],
	secrets: [{ item: id(2), blob: text(SECRET_MIN_BYTES) }],
	droppedSecrets: [],
	manifest: text(232)
};

describe('CommitRequest', () => {
	test('takes a commit of one key', () => {
		expect(z.safeParse(CommitRequest, commit).success).toBe(true);
	});

	test('refuses a member that it does not know', () => {
		expect(z.safeParse(CommitRequest, { ...commit, force: true }).success).toBe(false);
	});

	test('refuses a sheet that is written and dropped at once', () => {
		const both = { ...commit, droppedSheets: [id(1)] };
		expect(z.safeParse(CommitRequest, both).success).toBe(false);
	});

	test('refuses a secret that is written twice', () => {
		const twice = { ...commit, secrets: [...commit.secrets, ...commit.secrets] };
		expect(z.safeParse(CommitRequest, twice).success).toBe(false);
	});

	test('takes as many records as the limit, over all lists, and not one more', () => {
		const dropped = (count: number) => Array.from({ length: count }, (_, i) => id(i + 100));
		const records = (count: number) => ({ ...commit, droppedSecrets: dropped(count - 2) });
		expect(z.safeParse(CommitRequest, records(COMMIT_RECORDS)).success).toBe(true);
		expect(z.safeParse(CommitRequest, records(COMMIT_RECORDS + 1)).success).toBe(false);
	});
});

describe('SecretsRequest', () => {
	test('refuses to ask for the same secret twice', () => {
		const twice = { items: [id(1), id(1)], purpose: 'copy' };
		expect(z.safeParse(SecretsRequest, twice).success).toBe(false);
	});
});
