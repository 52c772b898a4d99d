/** A rotation as a client makes one: records staged in parts, then one request that switches. */
import { RotationRequest } from '#lib/api/account.ts';
import { RotationPart } from '#lib/api/rotations.ts';
import { z } from '#lib/api/zod.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import { passwordSlotOf, recoverySlotOf } from './enrolled.ts';
import { newId, newKey, random, secret, sha256, sheet, type Person } from './person.ts';

export type Request = z.output<typeof RotationRequest>;
export type Part = z.output<typeof RotationPart>;

/** What a vault holds, by name; a rotation seals it all anew. */
export interface Names {
	readonly sheets: readonly Id[];
	readonly secrets: readonly Id[];
}

/** A vault, where it stands, and what its sheets list. */
export interface Standing {
	readonly vault: Id;
	readonly seq: number;
	readonly head: Bytes;
	readonly listed?: ReadonlySet<Id>;
}

/** All records of a vault, sealed anew. */
export function partOf(vault: Id, { sheets, secrets }: Names): Part {
	return {
		vault,
		sheets: sheets.map((id) => sheet(id)),
		secrets: secrets.map((item) => secret(item))
	};
}

export function rotatedVault({ vault, seq, head, listed }: Standing): Request['vaults'][number] {
	return {
		id: vault,
		expected: { seq, head },
		secretCount: listed?.size ?? 0,
		keyWrap: random(117),
		manifest: random(232)
	};
}

/** The switch on the heads that this person knows, with a new password and a new kit. */
export function rotationOf(person: Person, change: Partial<Request> = {}): Request {
	return {
		rotation: newId(),
		expected: { seq: person.accountSeq, head: person.accountHead },
		slots: [passwordSlotOf(person), recoverySlotOf(person)],
		vaults: [rotatedVault(person)],
		manifest: random(448),
		...change
	};
}

export async function stage(person: Person, rotation: Id, part: Part): Promise<Response> {
	const path = `/api/v1/account/rotations/${rotation}/parts`;
	return await person.post(path, z.encode(RotationPart, part));
}

/** Sends the switch. */
export async function rotate(
	person: Person,
	request: Request,
	by = { purpose: 4, key: person.key }
): Promise<Response> {
	return await person.prove(by, '/api/v1/account/rotation', z.encode(RotationRequest, request));
}

/** Stages everything, switches, and lets the person know the new heads and key. */
export async function rotateWhole(person: Person, names: Names): Promise<Part> {
	const key = newKey();
	const slots: Request['slots'] = [passwordSlotOf(person, { key }), recoverySlotOf(person)];
	const request = rotationOf(person, { slots });
	const part = partOf(person.vault, names);
	if ((await stage(person, request.rotation, part)).status !== 204) throw new Error('not staged');
	const { status } = await rotate(person, request);
	if (status !== 200) throw new Error(`rotation: ${String(status)}`);
	adopt(person, request, key);
	return part;
}

/** What the person knows once `request` was stored. */
export function adopt(person: Person, request: Request, key = person.key): void {
	const vault = request.vaults.find(({ id }) => id === person.vault);
	if (vault === undefined) throw new Error('a rotation without the vault');
	person.key = key;
	person.accountSeq = request.expected.seq + 1;
	person.accountHead = sha256(request.expected.head, sha256(request.manifest));
	person.seq = vault.expected.seq + 1;
	person.head = sha256(vault.expected.head, sha256(vault.manifest));
}
