/**
 * Whose key is this? For hints only: whatever a person pastes is accepted.
 *
 * Patterns are those of gitleaks, trufflehog and kingfisher where these know a provider. The
 * longest prefix is tried first: `sk-ant-` and `sk-or-v1-` before `sk-`.
 */
import type { Pattern, PatternKind, Provider } from '#lib/items/provider.ts';
import { PROVIDERS } from '#lib/items/provider-table.ts';

export type { Provider };

const BY_ID = new Map(PROVIDERS.map((provider) => [provider.id, provider]));

export type Mode = 'test' | 'live';

export interface Detection {
	readonly provider: Provider;
	/** What the value starts with and everybody may see; empty where there is no such thing. */
	readonly prefix: string;
	readonly mode?: Mode;
	/** Whether nobody else's keys look like this. */
	readonly sure: boolean;
}

interface Candidate {
	readonly provider: Provider;
	readonly pattern: Pattern;
}

/** Longest prefix first, then in the order of the table. */
const CANDIDATES: readonly Candidate[] = PROVIDERS.flatMap((provider) =>
	provider.patterns.map((pattern) => ({ provider, pattern }))
).sort((a, b) => b.pattern.prefix.length - a.pattern.prefix.length);

/** Prefixes of four letters or more that are too common to tell without the rest. */
const COMMON_PREFIXES = new Set([
	'key-',
	'api-',
	'sdk-',
	'API-',
	'EAAA',
	'4b1d',
	'dapi',
	'secret_'
]);
const ONE_WORD = /^[\w.~+/=:-]+$/;

/**
 * The provider of `value`, helped by the name of its variable where there is one. Formats change,
 * so a known prefix is enough where the rest does not match; then it is not `sure`.
 */
export function detect(value: string, variable?: string): Detection | undefined {
	const named = variable === undefined ? undefined : providerOfVariable(variable);
	const found =
		match(value, ['own', 'shared', 'named'], named) ??
		match(value, ['own']) ??
		matchPrefix(value) ??
		(named === undefined ? match(value, ['shared']) : undefined);
	if (found !== undefined) return detection(found, value, named);
	return named === undefined ? undefined : { provider: named, prefix: '', sure: false };
}

/** Providers whose keys look like this among others': the person knows which it is. */
export function candidatesFor(value: string): readonly Provider[] {
	const fits = CANDIDATES.filter(
		({ pattern: { prefix, rest, kind } }) =>
			kind !== 'own' && value.startsWith(prefix) && rest.test(value.slice(prefix.length))
	);
	return [...new Set(fits.map((candidate) => candidate.provider))];
}

/** The row with this id. A provider that a person typed in their own words has none. */
export function providerById(id: string): Provider | undefined {
	return BY_ID.get(id);
}

/** Whose variable this is: by its exact name, else by the provider's id among its words. */
export function providerOfVariable(variable: string): Provider | undefined {
	const name = variable.toUpperCase();
	const exact = PROVIDERS.find(({ envVars }) =>
		envVars.some((known) => known.toUpperCase() === name)
	);
	if (exact !== undefined) return exact;
	const words = `_${name}_`;
	let best: Provider | undefined;
	for (const provider of PROVIDERS) {
		const id = `_${provider.id.toUpperCase().replaceAll('-', '_')}_`;
		if (words.includes(id) && provider.id.length > (best?.id.length ?? 0)) best = provider;
	}
	return best;
}

function match(
	value: string,
	kinds: readonly PatternKind[],
	provider?: Provider
): Candidate | undefined {
	if (kinds.includes('named') && provider === undefined) return undefined;
	return CANDIDATES.find(
		(candidate) =>
			(provider === undefined || candidate.provider === provider) &&
			kinds.includes(candidate.pattern.kind) &&
			value.startsWith(candidate.pattern.prefix) &&
			candidate.pattern.rest.test(value.slice(candidate.pattern.prefix.length))
	);
}

function matchPrefix(value: string): Candidate | undefined {
	if (!ONE_WORD.test(value)) return undefined;
	return CANDIDATES.find(
		({ pattern: { prefix, kind } }) =>
			kind === 'own' &&
			prefix.length >= 4 &&
			!COMMON_PREFIXES.has(prefix) &&
			value.startsWith(prefix) &&
			value.length >= prefix.length + 12
	);
}

function detection(found: Candidate, value: string, named?: Provider): Detection {
	const { prefix, rest, kind } = found.pattern;
	const mode = modeOf(prefix);
	return {
		provider: found.provider,
		prefix,
		...(mode === undefined ? {} : { mode }),
		sure: (kind === 'own' || found.provider === named) && rest.test(value.slice(prefix.length))
	};
}

/** Said by the prefix itself: `sk_test_`, `access-sandbox-`. */
function modeOf(prefix: string): Mode | undefined {
	if (/(?:^|[_-])(?:test|sandbox|sdbx|development)[_-]/i.test(prefix)) return 'test';
	if (/(?:^|[_-])(?:live|prod|production)[_-]/i.test(prefix)) return 'live';
	return undefined;
}
