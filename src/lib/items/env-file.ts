/**
 * Keys as a `.env` file: one line a value, in sections by project and environment. Every line reads
 * the same to every program that `copy-forms.ts` names; a key that has none is left out and named.
 */
import { sayKey, variablesOf } from '#lib/items/copy-forms.ts';
import type { Overview, Secret } from '#lib/items/key.ts';

export interface WrittenKey {
	readonly overview: Overview;
	readonly secret: Secret;
}

export interface EnvFile {
	readonly text: string;
	/** Names of keys that no line says. */
	readonly unsayable: readonly string[];
	/** Variables that stand in it more than once. */
	readonly repeated: readonly string[];
}

export function writeEnv(keys: readonly WrittenKey[]): EnvFile {
	const sections = new Map<string, string[]>();
	const unsayable: string[] = [];
	const seen = new Set<string>();
	const repeated = new Set<string>();
	for (const { overview, secret } of inOrder(keys)) {
		const described = asDescribed(overview, secret);
		const values = secret.fields.map(({ value }) => value);
		const said = sayKey(described, values, { form: 'all-env' });
		if ('unsayable' in said) {
			unsayable.push(overview.name);
			continue;
		}
		for (const variable of variablesOf(described, values.length)) {
			if (seen.has(variable)) repeated.add(variable);
			seen.add(variable);
		}
		const place = placeOf(overview);
		sections.set(place, [...(sections.get(place) ?? []), said.text]);
	}
	const text = [...sections]
		.map(([place, lines]) => `${place === '' ? '' : `# ${place}\n`}${lines.join('\n')}\n`)
		.join('\n');
	return { text, unsayable, repeated: [...repeated] };
}

/** Sections one after another; in each the order in which they are given. */
function inOrder(keys: readonly WrittenKey[]): readonly WrittenKey[] {
	return [...keys].sort((a, b) => {
		const [one, other] = [placeOf(a.overview), placeOf(b.overview)];
		return one === other ? 0 : one < other ? -1 : 1;
	});
}

/** For a comment, which is one line. */
function placeOf({ project = '', environment = '' }: Overview): string {
	return [project, environment]
		.map((text) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim())
		.filter((text) => text !== '')
		.join(', ');
}

/** The overview with the secret's fields in the secret's order: the two need not have one. */
function asDescribed(overview: Overview, secret: Secret): Overview {
	const fields = secret.fields.map(
		({ name }) => overview.fields.find((field) => field.name === name) ?? { name, hidden: true }
	);
	return { ...overview, fields };
}
