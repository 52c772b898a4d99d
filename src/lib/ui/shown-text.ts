/**
 * A text as it may stand on screen: what would be invisible there, or would turn the direction of
 * what follows, is shown as a mark. What is kept and copied is never changed.
 *
 * Letters that are written from right to left stay as they are: the element around them must be
 * isolated (`<bdi>`), then they turn nothing but themselves. Joiners (U+200C, U+200D) stay, since
 * Persian words and many signs are written with them.
 */

/** Control characters but tab and line feed; format characters but the joiners; line separators. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const KEPT = new Set(['\t', '\n', '\u200c', '\u200d']);

/** NUL becomes ␀, U+202E becomes ‹202E›. */
export function shownText(text: string): string {
	return text.replace(UNSEEN, (sign) => (KEPT.has(sign) ? sign : markOf(sign)));
}

function markOf(sign: string): string {
	const code = sign.codePointAt(0) ?? 0;
	// The pictures of control characters stand in the order of what they show.
	if (code < 0x20) return String.fromCodePoint(0x2400 + code);
	if (code === 0x7f) return '\u2421';
	return `‹${code.toString(16).toUpperCase().padStart(4, '0')}›`;
}
