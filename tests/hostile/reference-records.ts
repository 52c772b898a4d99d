/** What the reference server stores, and how it reads and changes it: all or nothing. */
import { ReferenceChain } from './reference-chain.ts';
import { credentialIn, type StoredCredential } from './reference-passkeys.ts';

export type Json = Readonly<Record<string, unknown>>;

export interface StoredRecord {
	readonly revision: number;
	readonly blob: string;
}

export interface StoredVault {
	generation: number;
	keyWrap: string;
	chain: ReferenceChain;
	sheets: Map<string, StoredRecord>;
	secrets: Map<string, StoredRecord>;
}

export type StoredSlot = {
	readonly id: string;
	readonly kind: number;
	readonly revision: number;
	/** Undefined for a passkey. */
	readonly authPublicKey?: string;
	readonly wrap: string;
	/** Of a passkey. */
	readonly stored?: StoredCredential;
} & Json;

/** Codes stand for what an app would show: each works once. */
export interface StoredFactor {
	on: boolean;
	codes: Set<string>;
}

export interface StoredAccount {
	readonly id: string;
	email: string;
	/** Of the account key. */
	generation: number;
	slots: StoredSlot[];
	chain: ReferenceChain;
	settings: string | undefined;
	vaults: Map<string, StoredVault>;
	readonly factor: StoredFactor;
	emailChange: Json;
	/** Parts of rotations that wait, by the rotation's id. */
	readonly staged: Map<string, Json[]>;
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
	return {
		id,
		email,
		generation: 1,
		slots: json['slots'] as StoredSlot[],
		chain: new ReferenceChain(String(json['manifest'])),
		settings: undefined,
		vaults: new Map([newVault(json['vault'] as SentVault)]),
		factor: { on: false, codes: new Set() },
		emailChange: { state: 'none' },
		staged: new Map()
	};
}

interface SentVault {
	readonly id: string;
	readonly keyWrap: string;
	readonly manifest: string;
}

function newVault({ id, keyWrap, manifest }: SentVault): [id: string, vault: StoredVault] {
	const chain = new ReferenceChain(manifest);
	return [id, { generation: 1, keyWrap, chain, sheets: new Map(), secrets: new Map() }];
}

export function accountHead(account: StoredAccount, after?: number): Json {
	return {
		account: account.id,
		email: account.email,
		generation: account.generation,
		slots: account.slots.map(listed),
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

/** A slot as its owner may see it. */
function listed(slot: StoredSlot): Json {
	const shown = { ...slot, wrap: undefined, stored: undefined, attestation: undefined };
	if (slot.stored === undefined) return shown;
	return { ...shown, credential: slot.stored.credential, createdAtMs: 0 };
}

export function commitAccount(account: StoredAccount, json: Json, origin: string): Outgoing {
	const expected = json['expected'] as { seq: number; head: string };
	if (!stands(account.chain, expected)) {
		const head = accountHead(account, expected.seq);
		return { status: 409, json: { outcome: 'conflict', head } };
	}
	const slots = (json['slots'] as StoredSlot[]).map((slot) => enrolled(account, slot, origin));
	for (const slot of slots) {
		account.slots = [...account.slots.filter(({ id }) => id !== slot.id), slot];
	}
	for (const id of json['droppedVaults'] as string[]) {
		if (!account.vaults.delete(id)) throw new Refusal(404, 'not-found');
	}
	for (const sent of json['vaults'] as SentVault[]) {
		if (account.vaults.has(sent.id)) throw new Refusal(400, 'malformed');
		account.vaults.set(...newVault(sent));
	}
	account.chain.push(String(json['manifest']));
	account.settings = json['settings'] as string | undefined;
	return { json: { outcome: 'stored', seq: account.chain.seq } };
}

/** A password again with its next revision, or a passkey that is new. */
function enrolled(account: StoredAccount, slot: StoredSlot, origin: string): StoredSlot {
	const before = account.slots.find(({ id }) => id === slot.id);
	if (slot.kind === 1) {
		if (slot.revision !== (before?.revision ?? 0) + 1) throw new Refusal(400, 'malformed');
		return slot;
	}
	const stored = credentialIn(slot['attestation'] as Json, origin);
	if (before !== undefined || stored === undefined) throw new Refusal(400, 'malformed');
	return { ...slot, stored };
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
	return {
		...account,
		chain: account.chain.clone(),
		vaults: new Map(vaults),
		factor: { ...account.factor },
		staged: new Map()
	};
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

export function stands(chain: ReferenceChain, expected: { seq: number; head: string }): boolean {
	return chain.seq === expected.seq && chain.head === expected.head;
}
