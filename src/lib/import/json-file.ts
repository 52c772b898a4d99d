/**
 * JSON of other programs: Bitwarden's vault ("Bitwarden .json import/export format") and Secrets
 * Manager, Infisical's list, Doppler's flat object. Which one it is shows in its shape.
 */
import type { Draft, DraftField } from '#lib/items/key.ts';
import { detect } from '#lib/items/providers.ts';
import { Collecting, fieldsOf, takeAssignments } from '#lib/import/collecting.ts';
import { ImportError, type ImportContent } from '#lib/import/content.ts';
import type { ParsedJson } from '#lib/import/json-text.ts';
import { says, unread } from '#lib/import/parts.ts';
import type { Assignment } from '#lib/import/env-line.ts';

export type JsonProgram =
	'bitwarden' | 'bitwarden-password' | 'bitwarden-secrets' | 'infisical' | 'doppler';

export type Members = Readonly<Record<string, unknown>>;

const DOPPLER_OWN = /^DOPPLER_(?:PROJECT|ENVIRONMENT|CONFIG)$/;
/** Bitwarden's kinds of fields: 0 text, 1 hidden, 2 yes or no, 3 a link to another field. */
const HIDDEN = 1;
const LINKED = 3;
/** A text field of this name is a key all the same. */
export const KEY_NAME = /(?:key|token|secret|password)$/i;

/** Of an item, what becomes part of a key, and what only Bitwarden has a use for. */
const ITEM = [
	...['id', 'object', 'organizationId', 'folderId', 'collectionIds', 'type', 'reprompt', 'key'],
	...['name', 'notes', 'favorite', 'fields', 'login', 'sshKey', 'secureNote'],
	...['creationDate', 'revisionDate', 'archivedDate']
] as const;
/** Of the files themselves. */
const VAULT = ['encrypted', 'folders', 'collections', 'items'] as const;
const SECRETS = ['projects', 'secrets'] as const;
const LOGIN = ['uris', 'username', 'password', 'totp', 'passwordRevisionDate'] as const;
const SSH_KEY = ['privateKey', 'publicKey', 'keyFingerprint'] as const;

/** Of an entry of Infisical's list, and of one of Bitwarden's Secrets Manager. */
const ENTRY = [
	...['key', 'value', 'comment', 'note', 'tags', 'secretPath'],
	...['_id', 'id', 'Etag', 'workspace', 'organizationId', 'projectId', 'projectIds', 'object'],
	...['skipMultilineEncoding', 'creationDate', 'revisionDate']
] as const;
/** Infisical's word for a secret of everybody; one's own has another. */
const SHARED = 'shared';

/** @throws {ImportError} `format`, `account-bound` */
export function jsonProgram(json: unknown): JsonProgram {
	if (Array.isArray(json)) return isOfBitwarden(json[0]) ? 'bitwarden-secrets' : 'infisical';
	const { encrypted, passwordProtected, items, secrets, projects } = membersOf(json);
	if (encrypted === true) {
		if (passwordProtected === true) return 'bitwarden-password';
		throw new ImportError('account-bound', 'encrypted for one account');
	}
	if (Array.isArray(items)) return 'bitwarden';
	return Array.isArray(secrets) && Array.isArray(projects) ? 'bitwarden-secrets' : 'doppler';
}

/** What the command of its Secrets Manager lists says whose it is; Infisical has workspaces. */
function isOfBitwarden(entry: unknown): boolean {
	return typeof entry === 'object' && entry !== null && 'organizationId' in entry;
}

/**
 * @param attached ids of Bitwarden's items that have files beside the vault
 * @throws {ImportError} `format`, `too-large`
 */
export function readJson(
	{ json, names }: ParsedJson,
	attached: ReadonlySet<string> = new Set()
): ImportContent {
	const program = jsonProgram(json);
	if (program === 'doppler') return readFlat(membersOf(json), names);
	if (new Set(names).size < names.length) throw new ImportError('format', 'a name twice');
	if (program === 'bitwarden') return readBitwarden(membersOf(json), attached);
	if (program === 'infisical') return readList(listOf(json));
	if (program === 'bitwarden-secrets') return readSecrets(json);
	throw new ImportError('format', 'it needs its password');
}

function readBitwarden(vault: Members, attached: ReadonlySet<string>): ImportContent {
	const into = new Collecting();
	into.leaveBeside(unread(vault, VAULT));
	const folders = namesOf([
		...listOf(vault['folders'] ?? []),
		...listOf(vault['collections'] ?? [])
	]);
	for (const [index, json] of listOf(vault['items']).entries()) {
		const item = membersOf(json);
		const places = placesOf(folders, [item['folderId'], ...listOf(item['collectionIds'] ?? [])]);
		const parts = [
			...(places.length > 1 ? ['collectionIds'] : []),
			...(attached.has(textOf(item['id'])) ? ['attachments'] : [])
		];
		takeItem(into, index + 1, item, places[0] ?? '', parts);
	}
	return into.done();
}

type Names = ReadonlyMap<unknown, string>;

/** What folders, collections or projects are called, by their ids. */
function namesOf(list: readonly unknown[]): Names {
	return new Map(
		list.map((one) => {
			const { id, name } = membersOf(one);
			return [id, textOf(name)];
		})
	);
}

function placesOf(names: Names, ids: readonly unknown[]): string[] {
	return ids.map((id) => names.get(id) ?? '').filter((name) => name !== '');
}

function takeItem(
	into: Collecting,
	line: number,
	item: Members,
	project: string,
	left: readonly string[]
): void {
	const name = textOf(item['name']);
	const login = membersOf(item['login'] ?? {});
	const ssh = membersOf(item['sshKey'] ?? {});
	const uris = listOf(login['uris'] ?? [])
		.map((uri) => textOf(membersOf(uri)['uri']))
		.filter((uri) => uri !== '');
	const custom = listOf(item['fields'] ?? []).map(membersOf);
	const fields = fieldsOf([
		{ name: 'password', value: textOf(login['password']), hidden: true },
		{ name: 'username', value: textOf(login['username']), hidden: false },
		{ name: 'totp', value: textOf(login['totp']), hidden: true },
		{ name: 'private key', value: textOf(ssh['privateKey']), hidden: true },
		{ name: 'public key', value: textOf(ssh['publicKey']), hidden: false },
		{ name: 'fingerprint', value: textOf(ssh['keyFingerprint']), hidden: false },
		...uris.slice(1).map((uri) => ({ name: 'uri', value: uri, hidden: false })),
		...custom.flatMap(customField)
	]);
	const hidden = fields.find((field) => field.hidden);
	if (hidden === undefined) {
		into.refuse(line, name, item['type'] === 1 ? 'empty' : 'kind');
		return;
	}
	const note = textOf(item['notes']);
	const draft = { name, fields, project, note, url: uris[0] ?? '', tags: [] };
	const parts = [
		...left,
		...unread(item, ITEM),
		...unread(login, LOGIN),
		...unread(ssh, SSH_KEY),
		...custom.flatMap(partOf)
	];
	into.take(line, withProvider(draft, hidden), parts, says(item['archivedDate']));
}

function customField(field: Members): DraftField[] {
	const { value, type } = field;
	if (type === LINKED) return [];
	const name = fieldName(field);
	const hidden = type === HIDDEN || KEY_NAME.test(name);
	return [{ name, value: textOf(value), hidden }];
}

/** A link to another field has no value of its own; a value that is not text is not read. */
function partOf(field: Members): string[] {
	const { value, type } = field;
	const isLeft = type === LINKED || (textOf(value) === '' && says(value));
	return isLeft ? [fieldName(field)] : [];
}

function fieldName({ name }: Members): string {
	const called = textOf(name);
	return called === '' ? 'field' : called;
}

function withProvider(draft: Draft, { name, value }: DraftField): Draft {
	const provider = detect(value, name)?.provider;
	return provider === undefined ? draft : { ...draft, provider: provider.id };
}

/** Of Bitwarden's Secrets Manager: what its command lists, or what its page exports with projects. */
function readSecrets(json: unknown): ImportContent {
	if (Array.isArray(json)) return readList(listOf(json));
	const exported = membersOf(json);
	const into = new Collecting();
	into.leaveBeside(unread(exported, SECRETS));
	return readList(listOf(exported['secrets']), namesOf(listOf(exported['projects'])), into);
}

/** Infisical's list, and that of Bitwarden's Secrets Manager: both have `key` and `value`. */
function readList(
	list: readonly unknown[],
	projects: Names = new Map(),
	into = new Collecting()
): ImportContent {
	for (const [index, json] of list.entries()) {
		const entry = membersOf(json);
		const name = textOf(entry['key']);
		const value = textOf(entry['value']);
		if (name === '') throw new ImportError('format', 'an entry has no key');
		const note = [entry['comment'], entry['note']].map(textOf).filter((text) => text !== '');
		const tags = listOf(entry['tags'] ?? []).map((tag) =>
			typeof tag === 'string' ? tag : textOf(membersOf(tag)['name'] ?? membersOf(tag)['slug'])
		);
		const path = textOf(entry['secretPath']).replace(/^\/+/, '');
		const [place = path, ...others] = placesOf(projects, listOf(entry['projectIds'] ?? []));
		const field = { name, value, hidden: true };
		const draft = {
			name,
			envVars: [name],
			fields: fieldsOf([field]),
			note: note.join('\n'),
			tags,
			project: place
		};
		const read = entry['type'] === SHARED ? [...ENTRY, 'type'] : ENTRY;
		const parts = [...(others.length > 0 ? ['projectIds'] : []), ...unread(entry, read)];
		into.take(index + 1, withProvider(draft, field), parts);
	}
	return into.done();
}

function readFlat(object: Members, names: readonly string[]): ImportContent {
	const into = new Collecting();
	const set: Assignment[] = [];
	const last = new Map(names.map((name, index) => [name, index]));
	for (const [index, name] of names.entries()) {
		const line = index + 1;
		const value = object[name];
		if (last.get(name) !== index) into.refuse(line, name, 'again');
		else if (DOPPLER_OWN.test(name)) into.refuse(line, name, 'own');
		else if (typeof value === 'object') into.refuse(line, name, 'syntax');
		else set.push({ line, name, value: textOf(value) });
	}
	takeAssignments(into, set);
	return into.done();
}

/** @throws {ImportError} `format` */
export function membersOf(json: unknown): Members {
	if (typeof json !== 'object' || json === null || Array.isArray(json)) {
		throw new ImportError('format', 'no object where one should be');
	}
	return { ...json };
}

/** @throws {ImportError} `format` */
export function listOf(json: unknown): readonly unknown[] {
	if (!Array.isArray(json)) throw new ImportError('format', 'no list where one should be');
	return json;
}

/** Text as it is, a number or yes and no as text, `null` and what is missing as none. */
export function textOf(json: unknown): string {
	if (typeof json === 'string') return json;
	return typeof json === 'number' || typeof json === 'boolean' ? String(json) : '';
}
