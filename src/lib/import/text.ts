/**
 * The text of a file: UTF-8, or UTF-16 where a byte order mark says so. Windows' PowerShell writes
 * the latter with `>`.
 */
import { encodingOf } from '#lib/encoding/bytes.ts';
import { FILE_BYTES_MAX, ImportError } from '#lib/import/content.ts';

/**
 * The text without its byte order mark. What is not text is refused: a NUL, and half a character.
 *
 * @throws {ImportError} `too-large`, `encoding`
 */
export function decodeText(file: Uint8Array): string {
	if (file.length > FILE_BYTES_MAX) throw new ImportError('too-large', 'file is too large');
	const text = decoded(file);
	if (text.includes('\0')) throw new ImportError('encoding', 'text with a NUL');
	return text;
}

function decoded(file: Uint8Array): string {
	try {
		return new TextDecoder(encodingOf(file), { fatal: true }).decode(file);
	} catch {
		throw new ImportError('encoding', 'bytes are not text');
	}
}
