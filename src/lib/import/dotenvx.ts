/**
 * `.env` as `dotenvx` reads it (version 2, `@dotenvx/primitives`): the statements of `dotenv`, in
 * which all but single quotes are expanded. `$(…)` would run a program there; here it is refused.
 */
import { readStatements, unquoted, withBreaks } from '#lib/import/dotenv.ts';
import { expanded } from '#lib/import/expansion.ts';
import type { Reason } from '#lib/import/content.ts';
import type { Assignments } from '#lib/import/env-line.ts';

/** What `String.prototype.replace` takes for a pattern, and what escapes the next dollar sign. */
const READ_AGAIN = /\$[$&`']|\\$/;
const REFERENCE = /(?<!\\)\$[A-Za-z_{]/;

/** @throws {ImportError} `too-large` */
export function readDotenvx(text: string): Assignments {
	return readStatements(text, (names, line, name, written) => {
		const quote = written.charAt(0);
		const inner = unquoted(written);
		if (inner.startsWith('encrypted:')) {
			names.refuse(line, name, 'encrypted');
			return;
		}
		if (quote === "'") {
			names.set(line, name, inner.replaceAll("\\'", "'"));
			return;
		}
		const read = quote === '"' ? withBreaks(inner).replaceAll('\\t', '\t') : inner;
		const found = expandedOnce(read, (other) => names.get(other));
		if ('why' in found) names.refuse(line, name, found.why);
		else names.set(line, name, found.value);
	});
}

/**
 * `dotenvx` puts one value in and looks through all of it again from the start, so a dollar sign
 * that came with a value, or stands before one, is read once more, and may change what is to be
 * replaced or never end. Where that could be, the text is refused.
 */
function expandedOnce(
	text: string,
	get: (name: string) => string | undefined
): { readonly value: string } | { readonly why: Reason } {
	if (text.includes('$(')) return { why: 'command' };
	const parts: string[] = [];
	let isExpanded = false;
	let isEscaped = false;
	let at = 0;
	for (let dollar = text.indexOf('$'); dollar !== -1; dollar = text.indexOf('$', at)) {
		const isName = isReference(text, dollar);
		if (!isName || text.charAt(dollar - 1) === '\\') {
			isEscaped ||= isName;
			parts.push(text.slice(at, dollar + 1));
			at = dollar + 1;
			continue;
		}
		const found = expanded(text, dollar, get);
		if (found === undefined || 'why' in found) return { why: found?.why ?? 'variable' };
		if (isEscaped || READ_AGAIN.test(found.value)) return { why: 'dollars' };
		isExpanded = true;
		parts.push(text.slice(at, dollar), found.value);
		at = found.end;
	}
	const value = [...parts, text.slice(at)].join('');
	if (isExpanded && REFERENCE.test(value)) return { why: 'dollars' };
	return { value: value.replaceAll('\\$', '$') };
}

/** `$1` and `$$` are text here. */
function isReference(text: string, at: number): boolean {
	return /[A-Za-z_{]/.test(text.charAt(at + 1));
}
