/**
 * 1Password's own export, 1PUX ("1Password Unencrypted Export (.1pux) format"): the JSON
 * `export.data` of a zip. It holds what the CSV leaves out: API credentials, and when they end.
 */
import { dayOf } from '#lib/items/expiry.ts';
import type { DraftField } from '#lib/items/key.ts';
import { detect } from '#lib/items/providers.ts';
import { Collecting, fieldsOf } from '#lib/import/collecting.ts';
import type { ImportContent } from '#lib/import/content.ts';
import { KEY_NAME, listOf, membersOf, textOf, type Members } from '#lib/import/json-file.ts';
import { says, unread } from '#lib/import/parts.ts';

/** The titles of a field that says when a key ends. */
const EXPIRES = /^expir|^valid until/i;
/** Kinds of values; those that no text stands for are named as parts. */
const HIDDEN = ['concealed', 'totp', 'creditCardNumber'] as const;
/** It holds the id of another item, which means nothing here. */
const REFERENCE = 'reference';
/** What a web form calls the field of a password. */
const PASSWORD_FIELD = 'P';
/** Of an item, its overview and its details, what is read, and what only 1Password has a use for. */
const ITEM = [
	...['uuid', 'favIndex', 'createdAt', 'updatedAt', 'state', 'categoryUuid'],
	...['overview', 'details']
] as const;
/** The subtitle repeats a field; `ps`, `pbe` and `pgrng` tell how good the password is. */
const OVERVIEW = ['title', 'subtitle', 'url', 'urls', 'tags', 'ps', 'pbe', 'pgrng'] as const;
const DETAILS = ['loginFields', 'notesPlain', 'sections', 'password'] as const;

/** @throws {ImportError} `format`, `too-large` */
export function readOnePassword(json: unknown): ImportContent {
	const into = new Collecting();
	let line = 0;
	for (const account of listOf(membersOf(json)['accounts'])) {
		for (const vault of listOf(membersOf(account)['vaults'])) {
			const { attrs, items } = membersOf(vault);
			const project = textOf(membersOf(attrs ?? {})['name']);
			for (const listed of listOf(items)) {
				const given = membersOf(listed);
				// Older exports have each item wrapped once more, beside the file that belongs to it.
				const left = given['item'] === undefined ? [] : unread(given, ['item']);
				takeItem(into, ++line, membersOf(given['item'] ?? given), project, left);
			}
		}
	}
	return into.done();
}

function takeItem(
	into: Collecting,
	line: number,
	item: Members,
	project: string,
	left: readonly string[]
): void {
	const overview = membersOf(item['overview'] ?? {});
	const details = membersOf(item['details'] ?? {});
	const name = textOf(overview['title']);
	const sections = listOf(details['sections'] ?? []).map(membersOf);
	const custom = sections.flatMap(({ fields }) => listOf(fields ?? []).map(membersOf));
	const expiry = custom.find((field) => expiryOf(field) !== undefined);
	const read = custom.filter((field) => field !== expiry).map(customField);
	const [url = '', ...urls] = urlsOf(overview);
	const fields = fieldsOf([
		...listOf(details['loginFields'] ?? []).map(loginField),
		{ name: 'password', value: textOf(details['password']), hidden: true },
		...read.flatMap((one) => one.fields),
		...urls.map((value) => ({ name: 'url', value, hidden: false }))
	]);
	const hidden = fields.find((field) => field.hidden);
	if (hidden === undefined) {
		into.refuse(line, name, fields.length === 0 ? 'kind' : 'empty');
		return;
	}
	const provider = detect(hidden.value, hidden.name)?.provider;
	const expiresOn = expiry === undefined ? undefined : expiryOf(expiry);
	const parts = [
		...left,
		...unread(item, ITEM),
		...unread(overview, OVERVIEW),
		...unread(details, DETAILS),
		...sections.flatMap(headingOf),
		...read.flatMap((one) => one.parts)
	];
	const draft = {
		name: name === '' ? (provider?.name ?? '') : name,
		project,
		url,
		note: textOf(details['notesPlain']),
		tags: listOf(overview['tags'] ?? []).map(textOf),
		...(provider === undefined ? {} : { provider: provider.id }),
		...(expiresOn === undefined ? {} : { expiresOn }),
		fields
	};
	into.take(line, draft, parts, textOf(item['state']) === 'archived');
}

/** A key has no headings among its fields. */
function headingOf({ title, fields }: Members): string[] {
	const heading = textOf(title);
	return heading !== '' && says(fields) ? [heading] : [];
}

/** The first is the one that the list shows. */
function urlsOf(overview: Members): string[] {
	const listed = listOf(overview['urls'] ?? []).map((one) => textOf(membersOf(one)['url']));
	return [...new Set([textOf(overview['url']), ...listed])].filter((url) => url !== '');
}

/** `designation` says which of a page's fields are the name and the password; others have a name. */
function loginField(json: unknown): DraftField {
	const { designation, name, id, fieldType, value } = membersOf(json);
	const called = [designation, name, id].map(textOf).find((text) => text !== '') ?? 'field';
	const hidden =
		designation === 'password' || fieldType === PASSWORD_FIELD || KEY_NAME.test(called);
	return { name: called, value: textOf(value), hidden };
}

interface Read {
	readonly fields: readonly DraftField[];
	readonly parts: readonly string[];
}

function customField(field: Members): Read {
	const title = textOf(field['title']);
	const name = title === '' ? 'field' : title;
	const value = membersOf(field['value'] ?? {});
	const fields = Object.entries(value).flatMap(([kind, json]) => valuesOf(name, kind, json));
	return { fields, parts: fields.length === 0 && says(value) ? [name] : [] };
}

function valuesOf(name: string, kind: string, json: unknown): DraftField[] {
	const named = (value: string, hidden: boolean, more = ''): DraftField[] =>
		value === '' ? [] : [{ name: `${name}${more}`, value, hidden }];
	if (kind === REFERENCE) return [];
	if (kind === 'email' && textOf(json) === '') {
		return named(textOf(membersOf(json ?? {})['email_address']), false);
	}
	if (kind === 'sshKey') {
		const { privateKey, metadata } = membersOf(json);
		const { publicKey, fingerprint } = membersOf(metadata ?? {});
		return [
			...named(textOf(privateKey), true),
			...named(textOf(publicKey), false, ' public key'),
			...named(textOf(fingerprint), false, ' fingerprint')
		];
	}
	if (kind === 'date') return named(dayIn(json) ?? textOf(json), false);
	return named(textOf(json), HIDDEN.some((one) => one === kind) || KEY_NAME.test(name));
}

function expiryOf(field: Members): string | undefined {
	const { date } = membersOf(field['value'] ?? {});
	return EXPIRES.test(textOf(field['title'])) ? dayIn(date) : undefined;
}

/** Dates are seconds since 1970. */
function dayIn(date: unknown): string | undefined {
	if (typeof date !== 'number') return undefined;
	const ms = date * 1_000;
	return ms > 0 && ms < Date.UTC(9999, 0) ? dayOf(ms) : undefined;
}
