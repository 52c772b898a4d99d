/**
 * A mail as text and as HTML, from the same lines. No image, no style, at most one link; whatever a
 * line says is escaped, and no line can end early: control characters and those that turn the
 * direction of text become blanks before anything else sees them.
 */
import * as m from '#lib/i18n/any-language.ts';
import type { Language } from '#lib/api/mail.ts';
import type { Server } from '#lib/server/server.ts';

/** What waits in the queue. An empty address stands for a mail that goes to nobody; see queue.ts. */
export interface Mail {
	readonly to: string;
	readonly subject: string;
	readonly text: string;
	readonly html: string;
}

/** What one mail says, in the language of who gets it. */
export interface Wording {
	readonly subject: string;
	readonly lines: readonly string[];
	/** The one link, if it needs one. */
	readonly link?: { readonly label: string; readonly url: string };
}

const UNSAFE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;
const ESCAPES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;'
};

export function compose(
	{ env }: Pick<Server, 'env'>,
	to: string,
	language: Language,
	wording: Wording
): Mail {
	const subject = oneLine(wording.subject);
	const lines = wording.lines.map(oneLine);
	const footer = m.mail_footer({ host: new URL(env.origin).host }, { locale: language });
	const { link } = wording;
	const text = [...lines, ...(link === undefined ? [] : [`${link.label}:\n${link.url}`]), footer];
	return { to, subject, text: `${text.join('\n\n')}\n`, html: page(subject, lines, link, footer) };
}

function page(
	subject: string,
	lines: readonly string[],
	link: Wording['link'],
	footer: string
): string {
	const paragraphs = [
		...lines.map(escaped),
		...(link === undefined ? [] : [`<a href="${escaped(link.url)}">${escaped(link.label)}</a>`]),
		`<small>${escaped(footer)}</small>`
	];
	const body = paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('\n');
	return `<!doctype html>\n<html><head><meta charset="utf-8"><title>${escaped(subject)}</title></head><body>\n${body}\n</body></html>\n`;
}

function oneLine(text: string): string {
	return text.replace(UNSAFE, ' ').trim();
}

function escaped(text: string): string {
	return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}
