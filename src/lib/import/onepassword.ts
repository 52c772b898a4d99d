/**
 * 1Password's own export, 1PUX ("1Password Unencrypted Export (.1pux) format"): the JSON
 * `export.data` of a zip. It holds what the CSV leaves out: API credentials, and when they end.
 */
import { dayOf } from '#lib/items/expiry.ts';
import type { DraftField } from '#lib/items/key.ts';
import { detect } from '#lib/items/providers.ts';
import { Collecting, fieldsOf } from '#lib/import/collecting.ts';
import type { ImportContent } from '#lib/import/content.ts';
import { listOf, membersOf, textOf, type Members } from '#lib/import/json-file.ts';

/** The titles of a field that says when a key ends. */
const EXPIRES = /^expir|^valid until/i;
/** Kinds of values that need not be hidden. */
const SHOWN = ['string', 'url', 'menu', 'phone'] as const;
const HIDDEN = ['concealed', 'totp', 'creditCardNumber'] as const;

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
				// Older exports have each item wrapped once more.
				takeItem(into, ++line, membersOf(given['item'] ?? given), project);
			}
		}
	}
	return into.done();
}

function takeItem(into: Collecting, line: number, item: Members, project: string): void {
	const overview = membersOf(item['overview'] ?? {});
	const details = membersOf(item['details'] ?? {});
	const name = textOf(overview['title']);
	const custom = listOf(details['sections'] ?? []).flatMap((section) =>
		listOf(membersOf(section)['fields'] ?? []).map(membersOf)
	);
	const fields = fieldsOf([
		...listOf(details['loginFields'] ?? []).flatMap(loginField),
		{ name: 'password', value: textOf(details['password']), hidden: true },
		...custom.flatMap(customField)
	]);
	const hidden = fields.find((field) => field.hidden);
	if (hidden === undefined) {
		into.refuse(line, name, fields.length === 0 ? 'kind' : 'empty');
		return;
	}
	const provider = detect(hidden.value, hidden.name)?.provider;
	const expires = custom.map(expiryOf).find((day) => day !== undefined);
	into.take(line, {
		name: name === '' ? (provider?.name ?? '') : name,
		project,
		url: textOf(overview['url']),
		note: textOf(details['notesPlain']),
		tags: listOf(overview['tags'] ?? []).map(textOf),
		...(provider === undefined ? {} : { provider: provider.id }),
		...(expires === undefined ? {} : { expiresOn: expires }),
		fields
	});
}

/** `designation` says which of a page's fields are the name and the password. */
function loginField(json: unknown): DraftField[] {
	const { designation, value } = membersOf(json);
	if (designation !== 'username' && designation !== 'password') return [];
	return [{ name: designation, value: textOf(value), hidden: designation === 'password' }];
}

function customField(field: Members): DraftField[] {
	const title = textOf(field['title']);
	const name = title === '' ? 'field' : title;
	const value = membersOf(field['value'] ?? {});
	const hidden = HIDDEN.map((kind) => textOf(value[kind])).find((text) => text !== '');
	if (hidden !== undefined) return [{ name, value: hidden, hidden: true }];
	const shown = SHOWN.map((kind) => textOf(value[kind])).find((text) => text !== '');
	if (shown !== undefined) return [{ name, value: shown, hidden: false }];
	const ssh = membersOf(value['sshKey'] ?? {});
	return [{ name, value: textOf(ssh['privateKey']), hidden: true }];
}

/** Dates are seconds since 1970. */
function expiryOf(field: Members): string | undefined {
	const { date } = membersOf(field['value'] ?? {});
	if (!EXPIRES.test(textOf(field['title'])) || typeof date !== 'number') return undefined;
	const ms = date * 1_000;
	return ms > 0 && ms < Date.UTC(9999, 0) ? dayOf(ms) : undefined;
}
