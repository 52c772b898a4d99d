/** JSON that holds keys: names and values, however deep; and what is one key as a whole. */
import type { Assignment, Takes } from '#lib/items/paste-lines.ts';

export type PastedJson =
	| {
			readonly kind: 'values';
			readonly assignments: readonly Assignment[];
			/** Numbers, yes or no, and what lies too deep: none of them is a key. */
			readonly skipped: number;
			/** Values behind the last one that was taken. */
			readonly left: number;
	  }
	/** Google's file for a service account: it is used whole. */
	| { readonly kind: 'service-account'; readonly name: string }
	/** One value that happens to be JSON. */
	| { readonly kind: 'whole' };

/** Deeper ones are no list of keys. */
const DEPTH = 8;
const AWS_NAMES: Readonly<Record<string, string>> = {
	accesskeyid: 'AWS_ACCESS_KEY_ID',
	secretaccesskey: 'AWS_SECRET_ACCESS_KEY',
	sessiontoken: 'AWS_SESSION_TOKEN'
};

/** What `text` holds, or undefined if it is no JSON object or list. */
export function readJson(text: string, takes: Takes): PastedJson | undefined {
	if (!/^[[{]/.test(text)) return undefined;
	const json = parsed(text);
	if (json === undefined) return undefined;
	if (isObject(json)) {
		if (json['type'] === 'service_account' && typeof json['private_key'] === 'string') {
			return { kind: 'service-account', name: textIn(json, 'client_email') };
		}
		// A JSON Web Key (RFC 7517): its members are one key together.
		if ('kty' in json) return { kind: 'whole' };
	}
	const assignments: Assignment[] = [];
	let skipped = 0;
	let left = 0;
	for (const leaf of leavesOf(json, [], 0)) {
		if (leaf === undefined) skipped++;
		else if (left === 0 && takes(leaf)) assignments.push(leaf);
		else left++;
	}
	if (assignments.length === 0) return { kind: 'whole' };
	return { kind: 'values', assignments, skipped, left };
}

/**
 * One after the other, so that those behind the last one that is taken cost next to nothing;
 * undefined for each that is left out.
 */
function* leavesOf(
	json: unknown,
	path: readonly string[],
	depth: number
): Generator<Assignment | undefined> {
	if (json === null) return;
	if (depth > DEPTH) {
		yield undefined;
	} else if (typeof json === 'string') {
		if (json !== '') yield { variable: path.at(-1) ?? '', value: json, ...within(path) };
	} else if (Array.isArray(json)) {
		for (const each of json) yield* leavesOf(each, path, depth + 1);
	} else if (isObject(json)) {
		yield* membersOf(json, path, depth);
	} else {
		yield undefined;
	}
}

function* membersOf(
	json: Readonly<Record<string, unknown>>,
	path: readonly string[],
	depth: number
): Generator<Assignment | undefined> {
	const name = textIn(json, 'name') || textIn(json, 'key');
	const value = textIn(json, 'value');
	if (name !== '' && value !== '') {
		yield { variable: name, value };
		return;
	}
	const aws = Object.keys(json).some((key) => key.toLowerCase() === 'secretaccesskey');
	for (const [key, each] of Object.entries(json)) {
		const known = aws ? AWS_NAMES[key.toLowerCase()] : undefined;
		if (aws && known === undefined) continue;
		yield* leavesOf(each, [...path, known ?? key], depth + 1);
	}
}

/** What stands above a value keeps the values of one object apart from those of another. */
function within(path: readonly string[]): { readonly section?: string } {
	const above = path.slice(0, -1).join(' ');
	return above === '' ? {} : { section: above };
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
	return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function textIn(json: Readonly<Record<string, unknown>>, name: string): string {
	const value = json[name];
	return typeof value === 'string' ? value : '';
}
