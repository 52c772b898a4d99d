/**
 * The forms in which a secret could leave a device or lie on a disk: as it is, in hexadecimal, in
 * base64 at each of its three alignments, in UTF-16. A marker is found in a larger text whatever
 * stands before or behind it.
 */

export interface Needle {
	/** What it is a form of, and which form: for a test's message. */
	readonly name: string;
	readonly bytes: Buffer;
}

/** Shorter markers would be found by chance in enough random bytes. */
const SHORTEST = 8;

/**
 * All forms of `marker`.
 *
 * @param marker text, or a key as bytes; at least 8 bytes.
 */
export function needlesOf(name: string, marker: string | Uint8Array): Needle[] {
	const raw = Buffer.from(marker);
	if (raw.length < SHORTEST) throw new Error('marker is too short to be searched for');
	const forms: [string, Buffer][] = [['raw', raw], ...encoded('', raw)];
	if (typeof marker === 'string') {
		const little = Buffer.from(marker, 'utf16le');
		const big = Buffer.from(little).swap16();
		for (const [order, wide] of [
			['UTF-16LE', little],
			['UTF-16BE', big]
		] as const) {
			forms.push([order, wide], ...encoded(`${order} in `, wide));
		}
		forms.push(['percent-encoded', Buffer.from(encodeURIComponent(marker))]);
		forms.push(['JSON', Buffer.from(JSON.stringify(marker).slice(1, -1))]);
	}
	return forms.map(([form, bytes]) => ({ name: `${name} (${form})`, bytes }));
}

/** The names of all needles that `haystack` holds. */
export function found(haystack: string | Uint8Array, needles: readonly Needle[]): string[] {
	const bytes = typeof haystack === 'string' ? Buffer.from(haystack) : asBuffer(haystack);
	return needles.filter((needle) => bytes.includes(needle.bytes)).map(({ name }) => name);
}

function encoded(prefix: string, raw: Buffer): [string, Buffer][] {
	const lower = raw.toString('hex');
	const forms: [string, Buffer][] = [
		[`${prefix}hex`, Buffer.from(lower)],
		[`${prefix}HEX`, Buffer.from(lower.toUpperCase())]
	];
	for (const alignment of [0, 1, 2]) {
		for (const alphabet of ['base64', 'base64url'] as const) {
			const text = core(raw, alignment, alphabet);
			forms.push([`${prefix}${alphabet} at ${String(alignment)}`, Buffer.from(text)]);
		}
	}
	return forms;
}

/** The characters that encode nothing but `raw` when `alignment` bytes of a group stand before it. */
function core(raw: Buffer, alignment: number, alphabet: 'base64' | 'base64url'): string {
	const text = Buffer.concat([Buffer.alloc(alignment), raw]).toString(alphabet);
	const start = Math.ceil((alignment * 8) / 6);
	const end = Math.floor(((alignment + raw.length) * 8) / 6);
	return text.slice(start, end);
}

function asBuffer(bytes: Uint8Array): Buffer {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
