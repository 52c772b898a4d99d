/** Dangerous things have one home each, so that a reader knows where to look for them. */
import { importsOf, withoutComments } from './code.ts';
import { isProgram, type Fault, type Source } from './sources.ts';

interface Home {
	readonly thing: string;
	readonly found: (code: string, source: Source) => boolean;
	/** Paths or folders; none means nowhere. */
	readonly homes: readonly string[];
}

/** Plain Node, started by hand: it has no log yet and is configured by the environment. */
const NODE = ['server.js', 'serve/', 'scripts/', 'bench/', 'playwright.config.ts'];

export const HOMES: readonly Home[] = [
	// support.ts only asks whether it exists, here and below.
	{
		thing: 'crypto.subtle',
		found: matches(/\bsubtle\b/),
		homes: ['src/lib/crypto/', 'src/lib/browser/support.ts']
	},
	{
		thing: 'fetch(',
		found: matches(/(?<![.\w])fetch\(|\b(globalThis|window|self)\.fetch\(/),
		homes: ['src/lib/api/', 'src/lib/server/db/remote.ts', 'bench/', 'scripts/']
	},
	{
		thing: 'localStorage, sessionStorage, indexedDB',
		found: matches(/\b(localStorage|sessionStorage|indexedDB)\b/),
		homes: ['src/lib/browser/device/', 'src/lib/browser/support.ts', 'static/theme.js', 'bench/']
	},
	{
		thing: 'process.env',
		found: matches(/\bprocess\.env\b|\$env\//),
		homes: ['src/lib/server/env.ts', 'src/cli/', 'drizzle.config.ts', 'vite.config.ts', ...NODE]
	},
	{
		thing: 'console',
		found: matches(/\bconsole\.(debug|dir|error|group|info|log|table|time|trace|warn)\b/),
		homes: ['src/lib/server/log.ts', 'src/admin/', 'src/cli/', ...NODE]
	},
	{
		thing: 'lucia',
		found: (_code, source) => importsOf(source).includes('lucia'),
		homes: ['src/lib/server/auth/']
	},
	// Elsewhere it would be the language of the machine that counts, not the one that is spoken.
	{
		thing: 'Intl, localeCompare, toLocale…',
		found: matches(/\bIntl\.|\.localeCompare\(|\.toLocale\w*\(/),
		homes: ['src/lib/i18n/', 'src/lib/server/mail/language.ts', 'bench/', 'scripts/']
	},
	{ thing: 'Math.random', found: matches(/\bMath\.random\b/), homes: [] },
	{ thing: '{@html', found: matches(/\{@html\b/), homes: [] },
	// Concurrent transactions of the database driver freeze the process; the process lock is one that
	// is held for good, on a file of its own, and database.ts has its queue for a long write. Those of
	// IndexedDB are another thing.
	{
		thing: 'a transaction',
		found: matches(/\.transaction\(/),
		homes: ['src/lib/server/db/lock.ts', 'src/lib/server/db/database.ts', 'src/lib/browser/device/']
	},
	// database.ts gives every batch of the program its mode; reading-client.ts hands its own to that, or
	// to replica.ts, which reads.
	{
		thing: 'a batch without a mode',
		found: hasDeferredBatch,
		homes: [
			'src/lib/server/db/database.ts',
			'src/lib/server/db/reading-client.ts',
			'src/lib/server/db/replica.ts'
		]
	}
];

/** Dangerous things outside their home. */
export function homeFaults(sources: readonly Source[]): Fault[] {
	return sources.filter(isProgram).flatMap((source) => {
		const strangers = HOMES.filter(({ homes }) => !homes.some((home) => isAt(home, source.path)));
		// Taking the comments out is slow, so only where something was found with them.
		const suspects = strangers.filter(({ found }) => found(source.text, source));
		if (suspects.length === 0) return [];
		const code = withoutComments(source);
		return suspects
			.filter(({ found }) => found(code, source))
			.map(({ thing }) => ({ path: source.path, what: `${thing} is not at home here` }));
	});
}

function matches(pattern: RegExp): Home['found'] {
	return (code) => pattern.test(code);
}

/** `batch(list)` runs deferred, and two of them at once fail; `batch(list, 'write')` does not. */
function hasDeferredBatch(code: string): boolean {
	return [...code.matchAll(/\.batch\(/g)].some(({ index }) => {
		const call = balanced(code, index + '.batch'.length);
		return !/,\s*['"](write|read)['"]\s*\)$/.test(call);
	});
}

/** The text from an opening bracket to its closing one. */
function balanced(code: string, start: number): string {
	let depth = 0;
	for (let at = start; at < code.length; at++) {
		if (code[at] === '(') depth++;
		if (code[at] === ')' && --depth === 0) return code.slice(start, at + 1);
	}
	return code.slice(start);
}

function isAt(home: string, path: string): boolean {
	return home.endsWith('/') ? path.startsWith(home) : path === home;
}
