/** Base32 (RFC 4648, section 6) without padding: how authenticator apps take the seed of a TOTP. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function encode(bytes: Uint8Array): string {
	let text = '';
	let held = 0;
	let bits = 0;
	for (const byte of bytes) {
		bits = ((bits << 8) | byte) & 0xfff;
		for (held += 8; held >= 5; held -= 5) text += symbol(bits >> (held - 5));
	}
	return held === 0 ? text : text + symbol(bits << (5 - held));
}

function symbol(bits: number): string {
	return ALPHABET.charAt(bits & 31);
}
