/**
 * `.env` as `dotenvx` reads it (version 2, `@dotenvx/primitives`): the statements of `dotenv`, in
 * which all but single quotes are expanded. `$(…)` would run a program there; here it is refused.
 */
import { readStatements, unquoted, withBreaks } from '#lib/import/dotenv.ts';
import { expanded } from '#lib/import/expansion.ts';
import type { Assignments } from '#lib/import/env-line.ts';

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
		const broken = quote === '"' ? withBreaks(inner).replaceAll('\\t', '\t') : inner;
		const parts: string[] = [];
		for (let at = 0; at < broken.length;) {
			const dollar = broken.indexOf('$', at);
			if (dollar === -1) {
				parts.push(broken.slice(at));
				break;
			}
			if (broken.charAt(dollar - 1) === '\\') {
				parts.push(broken.slice(at, dollar - 1), '$');
				at = dollar + 1;
				continue;
			}
			parts.push(broken.slice(at, dollar));
			const found = isReference(broken, dollar)
				? expanded(broken, dollar, (other) => names.get(other))
				: undefined;
			if (found !== undefined && 'why' in found) {
				names.refuse(line, name, found.why);
				return;
			}
			parts.push(found?.value ?? '$');
			at = found?.end ?? dollar + 1;
		}
		names.set(line, name, parts.join(''));
	});
}

/** `$1` and `$$` are text here. */
function isReference(text: string, at: number): boolean {
	return /[A-Za-z_{(]/.test(text.charAt(at + 1));
}
