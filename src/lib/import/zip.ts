/**
 * One file out of a zip (PKWARE's APPNOTE, 4.3), unpacked by the browser. Bounded: what a file
 * claims to unpack to is checked before, and what it does unpack to is counted on the way.
 */
import type { Bytes } from '#lib/encoding/bytes.ts';
import { FILE_BYTES_MAX, ImportError } from '#lib/import/content.ts';

const END = 0x06054b50;
const END_BYTES = 22;
const COMMENT_BYTES = 65_535;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const ENCRYPTED = 1;
const STORED = 0;
const DEFLATED = 8;

interface Entry {
	readonly flags: number;
	readonly method: number;
	readonly checksum: number;
	readonly packed: number;
	readonly unpacked: number;
	readonly at: number;
}

/** Whether it begins like a zip. */
export function isZip(file: Uint8Array): boolean {
	return file.length > 4 && file[0] === 0x50 && file[1] === 0x4b && file[2] === 3 && file[3] === 4;
}

/**
 * The file called `name`; undefined if there is none.
 *
 * @throws {ImportError} `format` if the zip is cut, changed, or of a kind that nobody exports;
 * `too-large` if the file would be larger than is read
 */
export async function unzip(zip: Bytes, name: string): Promise<Bytes | undefined> {
	if (zip.length > FILE_BYTES_MAX) throw new ImportError('too-large', 'file is too large');
	const view = new DataView(zip.buffer, zip.byteOffset, zip.length);
	try {
		const entry = entryOf(view, zip, name);
		return entry === undefined ? undefined : await unpacked(view, zip, entry);
	} catch (error) {
		if (error instanceof RangeError) throw new ImportError('format', 'zip is cut');
		throw error;
	}
}

/**
 * The names of all files.
 *
 * @throws {ImportError} `format` if the zip is cut or changed
 */
export function namesIn(zip: Bytes): readonly string[] {
	const view = new DataView(zip.buffer, zip.byteOffset, zip.length);
	try {
		return [...entriesOf(view, zip)].map(({ name }) => name);
	} catch (error) {
		if (error instanceof RangeError) throw new ImportError('format', 'zip is cut');
		throw error;
	}
}

function entryOf(view: DataView, zip: Bytes, wanted: string): Entry | undefined {
	for (const { name, at } of entriesOf(view, zip)) {
		if (name !== wanted) continue;
		return {
			flags: view.getUint16(at + 8, true),
			method: view.getUint16(at + 10, true),
			checksum: view.getUint32(at + 16, true),
			packed: view.getUint32(at + 20, true),
			unpacked: view.getUint32(at + 24, true),
			at: view.getUint32(at + 42, true)
		};
	}
	return undefined;
}

/** Each file's name, and where its entry in the directory is. */
function* entriesOf(view: DataView, zip: Bytes): Generator<{ name: string; at: number }> {
	const end = endOf(view);
	const count = view.getUint16(end + 10, true);
	let at = view.getUint32(end + 16, true);
	for (let index = 0; index < count; index++) {
		if (view.getUint32(at, true) !== ENTRY) throw new ImportError('format', 'no entry of a zip');
		const nameEnd = at + ENTRY_BYTES + view.getUint16(at + 28, true);
		yield { name: new TextDecoder().decode(zip.subarray(at + ENTRY_BYTES, nameEnd)), at };
		at = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
	}
}

function endOf(view: DataView): number {
	const first = Math.max(0, view.byteLength - END_BYTES - COMMENT_BYTES);
	for (let at = view.byteLength - END_BYTES; at >= first; at--) {
		if (view.getUint32(at, true) === END) return at;
	}
	throw new ImportError('format', 'zip without its end');
}

async function unpacked(view: DataView, zip: Bytes, entry: Entry): Promise<Bytes> {
	if ((entry.flags & ENCRYPTED) !== 0) throw new ImportError('format', 'zip under a password');
	if (entry.unpacked > FILE_BYTES_MAX) throw new ImportError('too-large', 'unpacks to too much');
	if (view.getUint32(entry.at, true) !== LOCAL) throw new ImportError('format', 'no file of a zip');
	const names = view.getUint16(entry.at + 26, true) + view.getUint16(entry.at + 28, true);
	const start = entry.at + LOCAL_BYTES + names;
	if (start + entry.packed > zip.length) throw new ImportError('format', 'zip is cut');
	const packed = zip.subarray(start, start + entry.packed);
	if (entry.method !== STORED && entry.method !== DEFLATED) {
		throw new ImportError('format', 'packed in a way that is not read');
	}
	const plain = entry.method === STORED ? packed : await inflate(packed, entry.unpacked);
	if (plain.length !== entry.unpacked || crc32(plain) !== entry.checksum) {
		throw new ImportError('format', 'a file of the zip was changed');
	}
	return plain;
}

/** Ends as soon as more comes out than was announced. */
async function inflate(packed: Bytes, size: number): Promise<Bytes> {
	const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
	const reader = stream.getReader();
	const plain = new Uint8Array(size);
	let length = 0;
	for (;;) {
		const { done, value } = await nextOf(reader);
		if (done) return plain.subarray(0, length);
		if (length + value.length > size) {
			await reader.cancel().catch(() => undefined);
			throw new ImportError('too-large', 'unpacks to more than it says');
		}
		plain.set(value, length);
		length += value.length;
	}
}

async function nextOf(reader: ReadableStreamDefaultReader<Uint8Array>) {
	try {
		return await reader.read();
	} catch {
		throw new ImportError('format', 'packed bytes are damaged');
	}
}

function crc32(bytes: Uint8Array): number {
	let crc = ~0;
	for (const byte of bytes) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0);
	return ~crc >>> 0;
}

const CRC_TABLE = Array.from({ length: 256 }, (_, index) => {
	let crc = index;
	for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
	return crc;
});
