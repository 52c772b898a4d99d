/**
 * `.env` as `dotenvx` reads it (version 2, `@dotenvx/primitives`): the statements of `dotenv`, in
 * which all but single quotes are expanded. `$(…)` would run a program there; here it is refused.
 */
import { readStatements, unquoted, withBreaks } from '#lib/import/dotenv.ts';
import { expanded } from '#lib/import/expansion.ts';
import type { Reason } from '#lib/import/content.ts';
import type { Assignments, Names } from '#lib/import/env-line.ts';

const REFERENCE = /(?<!\\)\$[A-Za-z_{]/;

/** @throws {ImportError} `too-large` */
export function readDotenvx(text: string): Assignments {
	/** Names that were ever set to something with a dollar sign. */
	const dollars = new Set<string>();
	const set = (names: Names, line: number, name: string, value: string) => {
		if (value.includes('$')) dollars.add(name);
		names.set(line, name, value);
	};
	return readStatements(text, (names, line, name, written) => {
		const quote = written.charAt(0);
		const inner = unquoted(written);
		if (inner.startsWith('encrypted:')) {
			names.refuseValue(line, name, 'encrypted');
			return;
		}
		if (quote === "'") {
			set(names, line, name, inner.replaceAll("\\'", "'"));
			return;
		}
		const read = quote === '"' ? withBreaks(inner).replaceAll('\\t', '\t') : inner;
		const found = expandedOnce(read, names, dollars);
		if ('why' in found) names.refuseValue(line, name, found.why);
		else set(names, line, name, found.value);
	});
}

/**
 * `dotenvx` puts one value in and looks through all of it again from the start, or ends there. A
 * dollar sign that comes with a value, stands before one or is escaped may be read once more, change
 * what is replaced, end it early or never. Where that could be, the text is refused.
 *
 * @param dollars names whose values may have a dollar sign, for `dotenvx` still if not any more
 */
function expandedOnce(
	text: string,
	names: Names,
	dollars: ReadonlySet<string>
): { readonly value: string } | { readonly why: Reason } {
	if (text.includes('$(')) return { why: 'command' };
	const parts: string[] = [];
	let isExpanded = false;
	let isAgain = false;
	let at = 0;
	const get = (name: string) => {
		isAgain ||= dollars.has(name);
		return names.get(name);
	};
	for (let dollar = text.indexOf('$'); dollar !== -1; dollar = text.indexOf('$', at)) {
		const isName = isReference(text, dollar);
		if (!isName || text.charAt(dollar - 1) === '\\') {
			isAgain ||= isName;
			parts.push(text.slice(at, dollar + 1));
			at = dollar + 1;
			continue;
		}
		const found = expanded(text, dollar, get);
		if (found === undefined || 'why' in found) return { why: found?.why ?? 'variable' };
		if (isAgain || found.value.endsWith('\\')) return { why: 'dollars' };
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
