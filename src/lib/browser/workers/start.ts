/**
 * Starting a worker. The page's policy requires Trusted Types: an address becomes a script only
 * through the policy here, which takes those of our own workers and nothing else.
 */
import ageUrl from '#lib/browser/workers/age.worker.ts?worker&url';
import argon2Url from '#lib/browser/workers/argon2.worker.ts?worker&url';
import importUrl from '#lib/browser/workers/import.worker.ts?worker&url';
import keyholderUrl from '#lib/browser/workers/keyholder.worker.ts?worker&url';
import lenderUrl from '#lib/browser/workers/lender.worker.ts?worker&url';
import strengthUrl from '#lib/browser/workers/strength.worker.ts?worker&url';

const URLS = {
	age: ageUrl,
	argon2: argon2Url,
	import: importUrl,
	keyholder: keyholderUrl,
	lender: lenderUrl,
	strength: strengthUrl
} as const;

export type WorkerName = Exclude<keyof typeof URLS, 'lender'>;

/**
 * Of the worker that all tabs share. It names the very program that is lent to: another build is lent
 * nothing. A lock of this name says that something is kept.
 */
export const LENDER_NAME = `keyhold-lender ${keyholderUrl}`;

/** Listed by name in the header `Content-Security-Policy`. */
const POLICY = 'keyhold-worker';

/** The part of Trusted Types that is used; the DOM's types do not know them yet. */
interface PolicyFactory {
	createPolicy(
		name: string,
		rules: { createScriptURL(url: string): string }
	): { createScriptURL(url: string): string };
}

/** A policy's name can be taken only once, so it is kept; made at the first use, not at import. */
let scriptUrl: ((url: string) => string) | undefined;

export function startWorker(name: WorkerName): Worker {
	scriptUrl ??= makePolicy();
	return new Worker(scriptUrl(URLS[name]), { type: 'module', name: `keyhold-${name}` });
}

/** All tabs get the same one. With `extendedLifetime` it lives on while its only page is loaded again. */
export function startLender(): SharedWorker {
	scriptUrl ??= makePolicy();
	const options = { type: 'module', name: LENDER_NAME, extendedLifetime: true } as const;
	return new SharedWorker(scriptUrl(URLS.lender), options);
}

function makePolicy(): (url: string) => string {
	const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory };
	const rules = { createScriptURL: ownUrl };
	// Browsers without Trusted Types have no policy to pass.
	const policy = trustedTypes?.createPolicy(POLICY, rules) ?? rules;
	return (url) => policy.createScriptURL(url);
}

function ownUrl(url: string): string {
	if (!Object.values<string>(URLS).includes(url)) throw new TypeError('not one of our workers');
	return url;
}
