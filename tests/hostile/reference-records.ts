/** What the reference server stores, and how it reads and changes it: all or nothing. */
import { ReferenceChain } from './reference-chain.ts';

export type Json = Readonly<Record<string, unknown>>;

export interface StoredRecord {
	readonly revision: number;
	readonly blob: string;
}

export interface StoredVault {
	readonly generation: number;
	keyWrap: string;
	chain: ReferenceChain;
	sheets: Map<string, StoredRecord>;
	secrets: Map<string, StoredRecord>;
}

export type StoredSlot = {
	readonly id: string;
	readonly kind: number;
	readonly authPublicKey: string;
	readonly wrap: string;
} & Json;

export interface StoredAccount {
	readonly id: string;
	readonly email: string;
	slots: StoredSlot[];
	chain: ReferenceChain;
	settings: string | undefined;
	vaults: Map<string, StoredVault>;
}

/** A problem on its way out. */
export class Refusal extends Error {
	constructor(
		readonly status: number,
		readonly code: string
	) {
		super(code);
	}
}

export interface Outgoing {
	readonly status?: number;
	readonly json?: Json;
	readonly cookie?: string;
}

/** The account that a registration asks for. */
export function newAccount(id: string, email: string, json: Json): StoredAccount {
	const vault = json['vault'] as { id: string; keyWrap: string; manifest: string };
	const stored: StoredVault = {
		generation: 1,
		keyWrap: vault.keyWrap,
		chain: new ReferenceChain(vault.manifest),
		sheets: new Map(),
		secrets: new Map()
	};
	return {
		id,
		email,
		slots: json['slots'] as StoredSlot[],
		chain: new ReferenceChain(String(json['manifest'])),
		settings: undefined,
		vaults: new Map([[vault.id, stored]])
	};
}

export function accountHead(account: StoredAccount, after?: number): Json {
	return {
		account: account.id,
		email: account.email,
		generation: 1,
		slots: account.slots.map((slot) => ({ ...slot, wrap: undefined })),
		manifest: { seq: account.chain.seq, blob: account.chain.blob },
		chain: account.chain.after(after),
		vaults: [...account.vaults].map(([id, { generation, keyWrap }]) => ({
			id,
			generation,
			keyWrap
		})),
		...(account.settings === undefined ? {} : { settings: account.settings })
	};
}

export function vaultHead(vault: StoredVault, after?: number, chain = after): Json {
	return {
		manifest: { seq: vault.chain.seq, generation: vault.generation, blob: vault.chain.blob },
		chain: vault.chain.after(chain),
		sheets: [...vault.sheets]
			.filter(([, sheet]) => sheet.revision > (after ?? 0))
			.map(([id, sheet]) => ({ id, ...sheet }))
	};
}

export function commitAccount(account: StoredAccount, json: Json): Outgoing {
	const expected = json['expected'] as { seq: number; head: string };
	if (!stands(account.chain, expected)) {
		const head = accountHead(account, expected.seq);
		return { status: 409, json: { outcome: 'conflict', head } };
	}
	account.chain.push(String(json['manifest']));
	account.settings = json['settings'] as string | undefined;
	return { json: { outcome: 'stored', seq: account.chain.seq } };
}

export function commitVault(vault: StoredVault, json: Json): Outgoing {
	const expected = json['expected'] as { seq: number; head: string };
	if (!stands(vault.chain, expected)) {
		const head = vaultHead(vault, expected.seq);
		return { status: 409, json: { outcome: 'conflict', head } };
	}
	const droppedSheets = json['droppedSheets'] as string[];
	const droppedSecrets = json['droppedSecrets'] as string[];
	const known =
		droppedSheets.every((id) => vault.sheets.has(id)) &&
		droppedSecrets.every((id) => vault.secrets.has(id));
	if (!known) throw new Refusal(400, 'malformed');
	vault.chain.push(String(json['manifest']));
	const revision = vault.chain.seq;
	for (const id of droppedSheets) vault.sheets.delete(id);
	for (const id of droppedSecrets) vault.secrets.delete(id);
	for (const { id, blob } of json['sheets'] as { id: string; blob: string }[]) {
		vault.sheets.set(id, { revision, blob });
	}
	for (const { item, blob } of json['secrets'] as { item: string; blob: string }[]) {
		vault.secrets.set(item, { revision, blob });
	}
	return { json: { outcome: 'stored', seq: revision } };
}

/** A copy that goes its own way: a backup of yesterday, or one of two histories. */
export function copyOf(account: StoredAccount): StoredAccount {
	const vaults = [...account.vaults].map(([id, vault]): [string, StoredVault] => [
		id,
		{
			...vault,
			chain: vault.chain.clone(),
			sheets: new Map(vault.sheets),
			secrets: new Map(vault.secrets)
		}
	]);
	return { ...account, chain: account.chain.clone(), vaults: new Map(vaults) };
}

/** The part of a slot that a challenge shows to anyone. */
export function shownOf(account: string, slot: StoredSlot) {
	const password = slot.kind === 1;
	return {
		account,
		slot: slot.id,
		kind: slot.kind,
		profile: password ? Number(slot['profile']) : 0,
		salt: password ? String(slot['salt']) : Buffer.alloc(16).toString('base64url')
	};
}

function stands(chain: ReferenceChain, expected: { seq: number; head: string }): boolean {
	return chain.seq === expected.seq && chain.head === expected.head;
}
