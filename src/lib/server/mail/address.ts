/**
 * Addresses that mail can be sent to. The rule of docs/protocol.md, 2, lets more be an email than
 * that: commas, brackets and quotes, which mean several addresses or comments in a mail's header.
 */

/** An atom of RFC 5322 or RFC 6532, dots between; a domain of labels, at least two or `localhost`. */
const ATOM = String.raw`[\p{L}\p{M}\p{N}!#$%&'*+/=?^_\x60{|}~-]+`;
const LABEL = String.raw`[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?`;
const MAILABLE = new RegExp(
	String.raw`^${ATOM}(?:\.${ATOM})*@(?:localhost|${LABEL}(?:\.${LABEL})+)$`,
	'u'
);

export function isMailable(email: string): boolean {
	return MAILABLE.test(email);
}
