/** Accounts as a keyholder holds them, put together by hand: nothing was verified, nothing is sealed. */
import type { SpokenSlot } from '#lib/api/slots.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { Overview } from '#lib/items/key.ts';
import { ItemIndex } from '#lib/keyholder/item-index.ts';
import type { OpenAccount } from '#lib/keyholder/open-account.ts';
import type { OpenEntry, VaultState } from '#lib/keyholder/vault-state.ts';
import type { JsonObject } from '#lib/protocol/json.ts';
import { vaultKeys } from '#lib/protocol/vault-keys.ts';
import { NOW } from './harness.ts';

export const ACCOUNT = 'A'.repeat(22);
/** Ids of its ways in. */
export const SLOT = {
	password: 'PPPPPPPPPPPPPPPPPPPPPA',
	kit: 'KKKKKKKKKKKKKKKKKKKKKA',
	phone: 'MMMMMMMMMMMMMMMMMMMMMA',
	laptop: 'LLLLLLLLLLLLLLLLLLLLLA'
} as const;

export function bytes(value = 1, length = 32): Bytes {
	return new Uint8Array(length).fill(value);
}

const OVERVIEW: Overview = {
	...{ v: 1, name: 'Example', envVars: [], tags: [], fields: [] },
	...{ createdAt: 0, changedAt: 0, status: 'active' }
};

/** The only item of each vault. */
export const ITEM: OpenEntry = {
	entry: { id: 'item', revision: 3, secretHash: '', overview: OVERVIEW },
	overview: OVERVIEW
};

/** A vault whose keys are known to nobody. */
export async function vaultNamed(id: string, seq = 4): Promise<VaultState> {
	const keys = await vaultKeys(bytes(9));
	const place = { id, generation: 1, keyWrapHash: bytes(), floorSeq: 1, account: ACCOUNT, keys };
	const chain = { prev: bytes(), unixMs: NOW + seq, device: ACCOUNT };
	const manifest = { vault: id, generation: 2, seq, ...chain, itemCount: 1, sheets: [] };
	const items = new ItemIndex(new Map([['item', ITEM]]));
	return { place, manifest, head: bytes(seq), sheets: new Map(), items };
}

/** The password's slot, as it is served and as it is listed. */
interface Password {
	readonly salt: Bytes;
	readonly authPublicKey: Bytes;
	readonly wrapHash: Bytes;
}

const NO_PASSWORD: Password = { salt: bytes(1, 16), authPublicKey: bytes(), wrapHash: bytes() };

/** Opened with its kit; it has a password and two passkeys, one of which was used. */
export function accountOf(
	vaults: readonly VaultState[] = [],
	settings?: JsonObject,
	{ salt, ...password }: Password = NO_PASSWORD
): OpenAccount {
	const listed = (id: string, kind: number, profile = 0) => ({
		...{ id, kind, profile, createdMs: NOW, authPublicKey: bytes(), wrapHash: bytes() }
	});
	const { authPublicKey } = password;
	const slots: readonly SpokenSlot[] = [
		{ id: SLOT.laptop, kind: 3, revision: 1, credential: bytes(), createdAtMs: 1 },
		{
			id: SLOT.phone,
			kind: 3,
			revision: 1,
			credential: bytes(),
			createdAtMs: 2,
			usedAtMs: NOW + 5
		},
		{ id: SLOT.kit, kind: 2, revision: 1, locator: bytes(), authPublicKey: bytes() },
		{ id: SLOT.password, kind: 1, profile: 1, salt, authPublicKey, revision: 1 }
	];
	const places = vaults.map(({ place }) => place);
	const manifest = {
		...{ account: ACCOUNT, generation: 3, seq: 7, prev: bytes(), minSuite: 1, minProfile: 1 },
		...{ unixMs: NOW, device: ACCOUNT, settingsHash: undefined, vaults: places },
		slots: [
			{ ...listed(SLOT.password, 1, 1), ...password },
			listed(SLOT.kit, 2),
			listed(SLOT.phone, 3),
			listed(SLOT.laptop, 3)
		]
	};
	return {
		typed: { emailAsTyped: ' Ada@example.org', email: 'ada@example.org' },
		state: {
			...{ account: ACCOUNT, servedEmail: 'served@example.org' },
			slot: { id: SLOT.kit, kind: 2 },
			...{ slots, manifest, head: bytes(8), settings, vaults: places },
			keys: { manifest: bytes(), vaultWrap: bytes(), settings: bytes() }
		},
		vaults: new Map(vaults.map((vault) => [vault.place.id, vault])),
		...{ verifiedAtMs: NOW, verifiedSince: new Map(), known: true, mustRotate: false }
	};
}
