/** Files in every encoding that programs write, and bytes that are no text. */
import { describe, expect, test } from 'vitest';
import { utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { GOLDEN } from '../../../tests/foreign/all.ts';
import { zipOf } from '../../../tests/foreign-files.ts';
import { ImportError } from './content.ts';
import { readFile } from './read-file.ts';

const MARK = '\uFEFF';
const TEXTS = GOLDEN.flatMap(({ name, file, candidates, refused }) =>
	typeof file === 'string' ? [{ name, text: file.replace(MARK, ''), candidates, refused }] : []
);

function utf16le(text: string): Bytes {
	return new Uint8Array(Buffer.from(text, 'utf16le'));
}

function utf16be(text: string): Bytes {
	return new Uint8Array(Buffer.from(text, 'utf16le').swap16());
}

async function contentOf(file: Bytes) {
	const found = await readFile(file);
	if (found.outcome !== 'read') throw new Error(found.outcome);
	return found.content;
}

async function codeOf(file: Bytes): Promise<string> {
	const read = readFile(file);
	await expect(read).rejects.toBeInstanceOf(ImportError);
	return await read.then(
		() => '',
		(error: unknown) => (error instanceof ImportError ? error.code : '')
	);
}

describe('the same is read', () => {
	test.each(TEXTS)(
		'in UTF-8 and UTF-16, with each mark: $name',
		async ({ text, candidates, refused }) => {
			const marked = MARK + text;
			for (const file of [utf8(text), utf8(marked), utf16le(marked), utf16be(marked)]) {
				expect(await contentOf(file)).toEqual({ candidates, refused });
			}
		}
	);

	test('with any line ends', async () => {
		const lines = ['A_KEY=a', '', 'B_KEY="l1', 'l2"', 'no'];
		const read = await contentOf(utf8(lines.join('\n')));
		expect(read.candidates.map(({ line }) => line)).toEqual([1, 3]);
		for (const end of ['\r\n', '\r']) expect(await contentOf(utf8(lines.join(end)))).toEqual(read);
	});

	test('of characters beyond the first 65,536', async () => {
		for (const file of [utf8('A_KEY=🔑'), utf16le(`${MARK}A_KEY=🔑`), utf16be(`${MARK}A_KEY=🔑`)]) {
			const { candidates } = await contentOf(file);
			expect(candidates[0]?.draft.fields[0]?.value).toBe('🔑');
		}
	});
});

describe('bytes that are no text are refused as such', () => {
	const start = [...utf8('A_KEY=')];
	test.each([
		['a byte that begins nothing', [...start, 0xff]],
		['a byte that goes on from nothing', [...start, 0x80]],
		['a character cut in half', [...start, 0xe2, 0x82]],
		['a longer form than need be', [...start, 0xc0, 0xaf]],
		['half of a pair of UTF-16, in UTF-8', [...start, 0xed, 0xa0, 0x80]],
		['a character beyond the last', [...start, 0xf4, 0x90, 0x80, 0x80]],
		['Latin-1', [...start, 0xfc]],
		['a NUL', [...start, 0]],
		['UTF-16 without its mark', [...utf16le('A_KEY=v')]],
		['UTF-16 of an odd number of bytes', [...utf16le(`${MARK}A_KEY=v`), 0x41]],
		['half of a pair in UTF-16LE', [...utf16le(`${MARK}A_KEY=`), 0x3d, 0xd8]],
		['half of a pair in UTF-16BE', [...utf16be(`${MARK}A_KEY=`), 0xd8, 0x3d]],
		['UTF-32 with its mark', [0xff, 0xfe, 0, 0, 0x41, 0, 0, 0]]
	])('%s', async (_, bytes) => {
		expect(await codeOf(new Uint8Array(bytes))).toBe('encoding');
	});

	test('also where they stand in a zip', async () => {
		expect(await codeOf(zipOf([['export.data', '{"accounts":[]}\0']]))).toBe('encoding');
	});
});

test('nothing at all holds no key, and is no fault', async () => {
	for (const file of [utf8(''), utf8(MARK), utf8(' \r\n\t'), utf16le(MARK)]) {
		expect(await contentOf(file)).toEqual({ candidates: [], refused: [] });
	}
});
