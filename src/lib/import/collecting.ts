/** What is read, entry by entry: taken if it can become a key, else refused with its reason. */
import { newKey } from '#lib/items/draft.ts';
import { FIELDS_PER_KEY, ItemError, type Draft, type DraftField } from '#lib/items/key.ts';
import { draftsIn, grouped, ONLY_FIELD } from '#lib/items/paste.ts';
import { providerById } from '#lib/items/providers.ts';
import {
	ENTRIES_MAX,
	ImportError,
	nameOf,
	type Candidate,
	type ImportContent,
	type Reason,
	type Refused
} from '#lib/import/content.ts';
import type { Assignment } from '#lib/import/env-line.ts';
import { endsBase64, shownName } from '#lib/import/line-name.ts';

/** Of the names of parts, and of what they are parts of: enough of both, however long the other. */
const PARTS_LENGTH = 200;
const WHOLE_LENGTH = 50;

export class Collecting {
	readonly #candidates: Candidate[] = [];
	readonly #refused: Refused[] = [];

	/**
	 * A draft without a value is refused as `empty`, one that no key could hold as `too-long`.
	 *
	 * @param parts the names of what the draft leaves out
	 */
	take(line: number, given: Draft, parts: readonly string[] = [], archived = false): void {
		const draft = named(given);
		const why = faultOf(draft);
		if (why === undefined) {
			this.#candidates.push({ line, draft, ...(archived ? { archived } : {}) });
			this.#leave(line, draft.name, parts);
		} else this.refuse(line, draft.name, why);
		this.#count();
	}

	refuse(line: number, what: string, why: Reason): void {
		this.#refused.push({ line, what: nameOf(what), why });
		this.#count();
	}

	/** What stands in the file beside its entries, by the names of its members. */
	leaveBeside(names: readonly string[]): void {
		for (const name of names) this.refuse(0, name, 'syntax');
	}

	done(): ImportContent {
		const refused = [...this.#refused].sort((a, b) => a.line - b.line);
		return { candidates: this.#candidates, refused };
	}

	#leave(line: number, name: string, parts: readonly string[]): void {
		if (parts.length === 0) return;
		const whole = nameOf(name, WHOLE_LENGTH);
		const what = `${whole}: ${nameOf([...new Set(parts)].join(', '), PARTS_LENGTH)}`;
		this.#refused.push({ line, what, why: 'parts' });
	}

	#count(): void {
		if (this.#candidates.length > ENTRIES_MAX || this.#refused.length > 2 * ENTRIES_MAX) {
			throw new ImportError('too-large', 'more entries than are read');
		}
	}
}

/** `NAME=value` pairs, each a key; two that belong together are one. */
export function takeAssignments(into: Collecting, set: readonly Assignment[]): void {
	const filled = set.filter(({ line, name, value }) => {
		const isRest = endsBase64(name, value);
		if (isRest) into.refuse(line, '', 'syntax');
		else if (value === '') into.refuse(line, shownName(name), 'empty');
		return value !== '' && !isRest;
	});
	const named = filled.map(({ line, name, value }) => ({ line, variable: name, value }));
	const groups = grouped(named);
	for (const [index, draft] of draftsIn(groups).entries()) {
		into.take(groups[index]?.[0]?.line ?? 0, draft);
	}
}

/** The fields that have a value, each under a name of its own. The only one needs none. */
export function fieldsOf(given: readonly DraftField[]): DraftField[] {
	const fields = given.filter(({ value }) => value !== '');
	const [only] = fields;
	if (only !== undefined && fields.length === 1) return [{ ...only, name: ONLY_FIELD }];
	// So many are refused as they are: to number them first would only take time.
	if (fields.length > FIELDS_PER_KEY) return fields;
	const names = new Set<string>();
	return fields.map((field) => {
		let name = field.name;
		for (let count = 2; names.has(name); count++) name = `${field.name} ${String(count)}`;
		names.add(name);
		return { ...field, name };
	});
}

/** A key without a name is called after its provider, or after its value's own name. */
function named(draft: Draft): Draft {
	if (draft.name.trim() !== '') return draft;
	const provider = draft.provider === undefined ? undefined : providerById(draft.provider)?.name;
	return { ...draft, name: provider ?? draft.fields[0]?.name ?? '' };
}

function faultOf(draft: Draft): Reason | undefined {
	try {
		newKey(draft, 0);
		return undefined;
	} catch (error) {
		if (!(error instanceof ItemError)) throw error;
		return error.code === 'empty' ? 'empty' : error.code === 'format' ? 'syntax' : 'too-long';
	}
}
