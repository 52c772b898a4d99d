/** What is copied of an opened key: one of its values, or what a form makes of them. */
import { FaultError } from '#lib/browser/fault.ts';
import type { Secret } from '#lib/items/key.ts';
import { valueNamed } from '#lib/items/value-named.ts';
import type { KeyRow } from '#lib/keyholder/views.ts';

/** The text of a form; the values come in the order of the fields on screen. */
export type SayValues = (values: readonly string[]) => Promise<string>;

/** @throws {FaultError} `no-value` if the secret lacks a value that the list describes */
export async function copiedText(
	row: KeyRow,
	secret: Secret,
	what: number | SayValues
): Promise<string> {
	// Another client may describe no values: then the secret's own order is all there is.
	const { fields } = row.overview.fields.length === 0 ? secret : row.overview;
	if (typeof what === 'number') return valueOf(fields, what, secret);
	return await what(fields.map((_, index) => valueOf(fields, index, secret)));
}

/** By its name: the two records of a key need not have one order. */
function valueOf(
	fields: readonly { readonly name: string }[],
	index: number,
	secret: Secret
): string {
	const name = fields[index]?.name;
	const value = name === undefined ? undefined : valueNamed(secret, name, index);
	if (value === undefined) throw new FaultError({ code: 'no-value' });
	return value;
}
