/** The switch of a rotation and the acceptance of a restore, as the reference server does them. */
import {
	accountHead,
	Refusal,
	stands,
	type Json,
	type Outgoing,
	type StoredAccount,
	type StoredSlot,
	type StoredVault
} from './reference-records.ts';

type Expected = Parameters<typeof stands>[1];
type RotatedVault = {
	id: string;
	expected: Expected;
	secretCount: number;
	keyWrap: string;
	manifest: string;
};
type AcceptedVault = { id: string; expected: Expected; seq: number; manifest: string };

export function stagePart(account: StoredAccount, rotation: string, part: Json): Outgoing {
	account.staged.set(rotation, [...(account.staged.get(rotation) ?? []), part]);
	return {};
}

/** Everything that was staged, or nothing. */
export function rotate(account: StoredAccount, json: Json): Outgoing {
	const vaults = json['vaults'] as RotatedVault[];
	const expected = json['expected'] as Expected;
	const parts = account.staged.get(String(json['rotation'])) ?? [];
	const next = vaults.map((vault) => rotated(account, vault, parts));
	const fits =
		stands(account.chain, expected) &&
		allStand(account, vaults) &&
		vaults.length === account.vaults.size &&
		next.every(({ id, vault }, at) =>
			isWhole(account.vaults.get(id), vault, vaults[at]?.secretCount)
		);
	if (!fits) {
		const head = accountHead(account, expected.seq);
		return { status: 409, json: { outcome: 'conflict', head } };
	}
	account.slots = (json['slots'] as StoredSlot[]).map((slot) => again(account, slot));
	account.vaults = new Map(next.map(({ id, vault }) => [id, vault]));
	account.generation++;
	account.settings = json['settings'] as string | undefined;
	account.chain.push(String(json['manifest']));
	account.staged.clear();
	return { json: { outcome: 'stored', seq: account.chain.seq } };
}

/** Whether the sheets staged are those that are there, and the secrets those that sheets list. */
function isWhole(
	before: StoredVault | undefined,
	next: StoredVault,
	secretCount: number | undefined
): boolean {
	return (
		before !== undefined &&
		before.sheets.size === next.sheets.size &&
		next.secrets.size === secretCount &&
		[...next.sheets.keys()].every((name) => before.sheets.has(name)) &&
		[...next.secrets.keys()].every((name) => before.secrets.has(name))
	);
}

/** The only jump of a seq. */
export function acceptRestore(account: StoredAccount, json: Json): Outgoing {
	const vaults = json['vaults'] as AcceptedVault[];
	const expected = json['expected'] as Expected;
	if (!stands(account.chain, expected) || !allStand(account, vaults)) {
		const head = accountHead(account, expected.seq);
		return { status: 409, json: { outcome: 'conflict', head } };
	}
	for (const { id, seq, manifest } of vaults) account.vaults.get(id)?.chain.jump(manifest, seq);
	account.chain.jump(String(json['manifest']), Number(json['seq']));
	account.settings = json['settings'] as string | undefined;
	return { json: { outcome: 'stored', seq: account.chain.seq } };
}

function allStand(
	account: StoredAccount,
	vaults: readonly { readonly id: string; readonly expected: Expected }[]
): boolean {
	return vaults.every(({ id, expected }) => {
		const vault = account.vaults.get(id);
		return vault !== undefined && stands(vault.chain, expected);
	});
}

/** A slot that is there already needs its next revision; a kept passkey keeps its credential. */
function again(account: StoredAccount, slot: StoredSlot): StoredSlot {
	const before = account.slots.find(({ id }) => id === slot.id);
	if (slot.revision !== (before?.revision ?? 0) + 1) throw new Refusal(400, 'malformed');
	if (slot.kind !== 3) return slot;
	if (before?.stored === undefined) throw new Refusal(400, 'malformed');
	return { ...slot, stored: before.stored };
}

function rotated(
	account: StoredAccount,
	{ id, keyWrap, manifest }: RotatedVault,
	parts: readonly Json[]
): { id: string; vault: StoredVault } {
	const before = account.vaults.get(id);
	if (before === undefined) throw new Refusal(404, 'not-found');
	const revision = before.chain.seq + 1;
	const sheets: StoredVault['sheets'] = new Map();
	const secrets: StoredVault['secrets'] = new Map();
	for (const part of parts.filter((each) => each['vault'] === id)) {
		for (const each of part['sheets'] as { id: string; blob: string }[]) {
			sheets.set(each.id, { revision, blob: each.blob });
		}
		for (const each of part['secrets'] as { item: string; blob: string }[]) {
			secrets.set(each.item, { revision, blob: each.blob });
		}
	}
	const chain = before.chain.clone();
	chain.push(manifest);
	return { id, vault: { generation: before.generation + 1, keyWrap, chain, sheets, secrets } };
}
