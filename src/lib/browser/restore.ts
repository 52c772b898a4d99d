/**
 * What restoring a backup would do, worked out before anything is written. Nothing is replaced: a
 * key whose values are all here, and not in the trash, is left alone; any other comes in beside what
 * is here. The keys of a vault go into the one that is called so here; else into one that has most of
 * them, because it was renamed; else into one that is made for them, or the first, where the account
 * has as many as it may or a vault cannot be called so.
 */
import { VAULTS_PER_ACCOUNT } from '#lib/api/limits.ts';
import type { BackupContent, BackupKey } from '#lib/backup/content.ts';
import { partsOf, type Addition } from '#lib/browser/restore-parts.ts';
import { isSameName } from '#lib/browser/vault-names.ts';
import type { Overview } from '#lib/items/key.ts';
import { without } from '#lib/items/json.ts';
import { NAME_LENGTH } from '#lib/items/settings.ts';
import type { KeyRow, VaultView } from '#lib/keyholder/views.ts';

/**
 * `new`: comes in.   `beside`: comes in beside a key of that name with other values.
 * `same`: a key with this name and these values is here; nothing is done.
 */
export type RestoreKind = 'new' | 'beside' | 'same';

export interface RestoreRow {
	/** Name of the vault that it goes into. */
	readonly vault: string;
	readonly overview: Overview;
	readonly kind: RestoreKind;
}

/** A vault that keys come into. */
export interface RestoreTarget {
	readonly name: string;
	/** How many come in. */
	readonly keys: number;
	/** It is not here yet. */
	readonly missing: boolean;
}

/** What the page shows of an opened backup: overviews, no values. */
export interface RestorePreview {
	/** In milliseconds since 1970. */
	readonly madeAt: number;
	readonly rows: readonly RestoreRow[];
	readonly counts: Readonly<Record<RestoreKind, number>>;
	readonly targets: readonly RestoreTarget[];
	/**
	 * Into how many commits it is divided: one for each vault, unless that is larger than one may be,
	 * and one for each that is made.
	 */
	readonly commits: number;
}

export interface RestorePlan {
	readonly preview: RestorePreview;
	/** The keys that come in, commit by commit; those of a vault that is not here yet under its id in {@link missing}. */
	readonly parts: readonly (readonly Addition[])[];
	/** The vaults to be made, under ids that no vault has. */
	readonly missing: readonly { readonly id: string; readonly name: string }[];
}

/** A vault that keys are to come into. */
interface Target {
	readonly id: string;
	readonly name: string;
	readonly keys: readonly KeyRow[];
}

/** @param fingerprint of a value, under the key of a vault */
export async function planRestore(
	content: BackupContent,
	vaults: readonly [VaultView, ...VaultView[]],
	fingerprint: (vault: string, value: string) => Promise<string>
): Promise<RestorePlan> {
	const rows: RestoreRow[] = [];
	const targets: Target[] = [...vaults];
	const additions = new Map<string, Addition[]>();
	/** The keys, and what each is to a vault. */
	const judgedIn = async (target: Target, keys: readonly BackupKey[]) => {
		const namesakes = namesakesIn(target);
		const judged: { readonly key: BackupKey; readonly kind: RestoreKind }[] = [];
		for (const key of keys) {
			const kind = await kindOf(key, namesakes(key), (value) => fingerprint(target.id, value));
			judged.push({ key, kind });
		}
		return judged;
	};
	const called = (name: string) => content.vaults.some((vault) => isSameName(vault.name, name));
	const renamed = async (keys: readonly BackupKey[]) => {
		let most = keys.length / 2;
		let found: VaultView | undefined;
		for (const vault of vaults.filter(({ name }) => !called(name))) {
			const same = (await judgedIn(vault, keys)).filter(({ kind }) => kind === 'same').length;
			if (same > most) [most, found] = [same, vault];
		}
		return found;
	};
	for (const { name, keys } of content.vaults) {
		if (keys.length === 0) continue;
		const target =
			namedIn(targets, name) ?? (await renamed(keys)) ?? madeFor(targets, name) ?? vaults[0];
		const into = additions.get(target.id) ?? [];
		additions.set(target.id, into);
		for (const { key, kind } of await judgedIn(target, keys)) {
			rows.push({ vault: target.name, overview: key.overview, kind });
			if (kind !== 'same') into.push(addition(key, target.id));
		}
	}
	const counts = { new: 0, beside: 0, same: 0 };
	for (const { kind } of rows) counts[kind]++;
	const parts = [...additions.values()].flatMap(partsOf);
	const missing = targets.slice(vaults.length);
	const into = targets.flatMap(({ id, name }, index) => {
		const keys = additions.get(id)?.length ?? 0;
		return keys === 0 ? [] : [{ name, keys, missing: index >= vaults.length }];
	});
	const commits = parts.length + missing.length;
	const preview = { madeAt: content.madeAt, rows, counts, targets: into, commits };
	return { preview, parts, missing };
}

function namedIn(targets: readonly Target[], name: string): Target | undefined {
	return (
		targets.find((target) => target.name === name) ??
		targets.find((target) => isSameName(target.name, name))
	);
}

/** A vault of that name, to be made; undefined where there can be none. */
function madeFor(targets: Target[], typed: string): Target | undefined {
	const name = typed.trim();
	if (name === '' || name.length > NAME_LENGTH) return undefined;
	if (targets.length >= VAULTS_PER_ACCOUNT) return undefined;
	const target = { id: `missing: ${name}`, name, keys: [] };
	targets.push(target);
	return target;
}

/** The keys of a vault that have the name of another one. */
function namesakesIn(vault: Target): (key: BackupKey) => readonly Overview[] {
	const here = new Map<string, Overview[]>();
	for (const { overview } of vault.keys) {
		here.set(overview.name, [...(here.get(overview.name) ?? []), overview]);
	}
	return ({ overview: { name, trashedAt } }) =>
		// A key in the trash is not at hand: it stands for one that was in the trash, for no other.
		(here.get(name) ?? []).filter((own) => trashedAt !== undefined || own.trashedAt === undefined);
}

async function kindOf(
	{ secret }: BackupKey,
	namesakes: readonly Overview[],
	fingerprint: (value: string) => Promise<string>
): Promise<RestoreKind> {
	if (namesakes.length === 0) return 'new';
	const prints: string[] = [];
	for (const { value } of secret.fields) prints.push(await fingerprint(value));
	const same = namesakes.some(
		({ fields }) =>
			fields.length === prints.length &&
			fields.every((field, index) => field.fingerprint === prints[index])
	);
	return same ? 'same' : 'beside';
}

/** The fingerprints in the file are of the vault that it was made from: here they mean nothing. */
function addition({ overview, secret }: BackupKey, vault: string): Addition {
	const fields = overview.fields.map((field) => without(field, ['fingerprint']));
	const here = { ...without(overview, ['previousFingerprints']), fields };
	return { kind: 'add', vault, overview: here, secret };
}
