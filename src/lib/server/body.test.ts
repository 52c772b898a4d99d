import { afterEach, describe, expect, test, vi } from 'vitest';
import { COMMIT_BODY_BYTES, COMMIT_RECORDS } from '#lib/api/limits.ts';
import { utf8 } from '#lib/encoding/bytes.ts';
import { parseJson } from '#lib/server/body.ts';
import { ServerError } from '#lib/server/errors.ts';

afterEach(() => {
	vi.restoreAllMocks();
});

describe('sixteen megabytes', () => {
	test.each([
		['lists', '['],
		['empty lists', '[],'],
		['empty objects', '{},'],
		['objects in objects', '{"a":'],
		['numbers', '1,']
	])('of %s keep nobody waiting: they are not parsed', (_, part) => {
		const body = utf8(part.repeat(COMMIT_BODY_BYTES / part.length));
		const parse = vi.spyOn(JSON, 'parse');
		expect(() => parseJson(body)).toThrow(ServerError);
		expect(parse).not.toHaveBeenCalled();
	});

	test('of as many records as a commit may have are', () => {
		const id = 'A'.repeat(22);
		const records = (count: number, name: string) =>
			Array.from({ length: count }, () => ({ [name]: id, blob: 'A'.repeat(1_500) }));
		const commit = {
			expected: { seq: 1, head: id },
			sheets: records(COMMIT_RECORDS / 2, 'id'),
			droppedSheets: [],
			secrets: records(COMMIT_RECORDS / 2, 'item'),
			droppedSecrets: [],
			manifest: id
		};
		expect(parseJson(utf8(JSON.stringify(commit)))).toEqual(commit);
	});
});
