/**
 * Reading secrets: fetched when they are used, compared with what the sheet says of them, opened,
 * and not kept. Norm: docs/protocol.md, 7.
 */
import { openingRoutes } from '#lib/api/opening-routes.ts';
import type { SealedSecret, SecretsRequest } from '#lib/api/vaults.ts';
import type { Id } from '#lib/api/wire.ts';
import { parseSecret } from '#lib/items/secret.ts';
import type { ProveRequest } from '#lib/keyholder/action-proof.ts';
import { isProblem, KeyholderError, keyholderError, SecretError } from '#lib/keyholder/errors.ts';
import type { Holding } from '#lib/keyholder/holding.ts';
import type { Link } from '#lib/keyholder/link.ts';
import { rowOf, vaultOf } from '#lib/keyholder/open-account.ts';
import type { OpenEntry, VaultState } from '#lib/keyholder/vault-state.ts';
import type { KeyRef, KeyRow, ReadResult } from '#lib/keyholder/views.ts';
import { demand } from '#lib/protocol/errors.ts';
import type { JsonObject } from '#lib/protocol/json.ts';
import { openSecret, secretHash } from '#lib/protocol/secrets.ts';

type Purpose = SecretsRequest['purpose'];

interface Reading {
	readonly proof?: ProveRequest;
	/** Whether to ask again, once, if another device wrote in the midst of it. */
	readonly mayRepeat?: boolean;
	/** Told of a secret whose bytes are not the listed ones; without it that is thrown. */
	readonly onSpoiled?: ((row: KeyRow) => void) | undefined;
}

/**
 * One secret, with the row that describes its fields. If another device wrote it anew meanwhile, the vault is caught up with once.
 *
 * @throws {KeyholderError} `gone` if the key is not there any more.
 */
export async function readSecret(
	holding: Holding,
	ref: KeyRef,
	purpose: Purpose
): Promise<ReadResult> {
	const [read] = await readSecrets(holding, ref.vault, [ref.item], purpose);
	if (read === undefined) throw new KeyholderError('gone', 'the key was deleted');
	return read;
}

/**
 * The secrets of `items`, at most as many as one request takes. Items that were deleted meanwhile
 * are left out.
 *
 * @throws {KeyholderError | ProtocolError} `integrity` if a secret is missing, older, or not the
 * one that its sheet names.
 */
export async function readSecrets(
	holding: Holding,
	vault: Id,
	items: readonly Id[],
	purpose: Purpose,
	how: Reading = {}
): Promise<ReadResult[]> {
	const { proof, mayRepeat = true, onSpoiled } = how;
	const state = vaultOf(holding.open, vault);
	const there = items.filter((item) => state.items.has(item));
	if (there.length === 0) return [];
	const served = await fetchSecrets(holding.link, vault, there, purpose, proof);
	if (served === undefined || served.some((secret) => isNewer(state, secret))) {
		await holding.catchUpVault(vault, await holding.pin());
	}
	const now = vaultOf(holding.open, vault);
	// Written once more between the answer and the look at the vault: then the next answer has it.
	if (mayRepeat && now !== state && served?.some((secret) => isOlder(now, secret)) === true) {
		return await readSecrets(holding, vault, there, purpose, { ...how, mayRepeat: false });
	}
	if (served === undefined) {
		// Listed and not served: deleted by another device, or withheld.
		demand(!there.every((item) => now.items.has(item)), 'a listed secret is missing');
		return await readSecrets(holding, vault, there, purpose, how);
	}
	const opened: ReadResult[] = [];
	for (const sealed of served) {
		const listed = now.items.get(sealed.item);
		if (listed === undefined) continue;
		const row = rowOf(vault, listed);
		try {
			const secret = await alone(async () => parseSecret(await openListed(now, listed, sealed)));
			opened.push({ row, secret });
		} catch (error) {
			if (onSpoiled === undefined || !(error instanceof SecretError)) throw error;
			onSpoiled(row);
		}
	}
	return opened;
}

/** @returns undefined if the server has not all of them. */
export async function fetchSecrets(
	link: Link,
	vault: Id,
	items: readonly Id[],
	purpose: Purpose,
	proof?: ProveRequest
): Promise<readonly SealedSecret[] | undefined> {
	const call = { params: { vault }, body: { items: [...items], purpose } };
	try {
		const { secrets } = await link.call(
			openingRoutes.secrets,
			proof === undefined ? call : { ...call, proof }
		);
		demand(secrets.length === items.length, 'another number of secrets than asked for');
		demand(
			secrets.every(({ item }, index) => item === items[index]),
			'another secret than asked for'
		);
		return secrets;
	} catch (error) {
		if (isProblem(error, 'not-found')) return undefined;
		throw error;
	}
}

/** Whether another device has written it since: then the vault has moved on. */
export function isNewer({ items }: VaultState, { item, revision }: SealedSecret): boolean {
	return revision > (items.get(item)?.entry.revision ?? 0);
}

function isOlder({ items }: VaultState, { item, revision }: SealedSecret): boolean {
	return revision < (items.get(item)?.entry.revision ?? 0);
}

/** The JSON of a secret that is the one which its sheet lists. */
export async function openListed(
	{ place: { account, id: vault, generation, keys } }: VaultState,
	{ entry: { id: item, revision, secretHash: listed } }: OpenEntry,
	sealed: SealedSecret
): Promise<JsonObject> {
	demand(sealed.revision === revision, 'secret of another revision than listed');
	demand((await secretHash(sealed.blob)) === listed, 'another secret than listed');
	const at = { account, vault, generation, item, revision };
	return await openSecret(keys.secrets, at, sealed.blob);
}

/** Whatever is wrong with one secret, as an error that ends nothing else. */
export async function alone<T>(work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		const found = keyholderError(error);
		if (!(found instanceof KeyholderError)) throw found;
		throw new SecretError(found.code, found.message, found.detail);
	}
}
