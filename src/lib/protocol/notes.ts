/**
 * Notes: what a client adds to the activity log, because only it knows. Norm: docs/protocol.md, 7.
 * They are read by the account's own clients, and say what some client said, nothing more.
 */
import { pad, padme, unpad } from '#lib/crypto/padding.ts';
import type { Random } from '#lib/crypto/random.ts';
import { open, seal } from '#lib/crypto/seal.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import { context, PURPOSE } from '#lib/protocol/context.ts';
import { ProtocolError } from '#lib/protocol/errors.ts';
import { readJson, writeJson, type JsonObject } from '#lib/protocol/json.ts';

/** Of a note's JSON: 1,024 less the padding's prefix. */
const NOTE_JSON_MAX_BYTES = 1_020;
const SMALLEST = 256;
/** A note is written once. */
const REVISION = 1;

interface NotePlace {
	readonly account: Id;
	readonly vault: Id;
	/** Of the vault key. */
	readonly generation: number;
	readonly note: Id;
}

/** @throws {ProtocolError} `format` if the JSON is larger than 1,020 bytes. */
export async function sealNote(
	key: CryptoKey,
	place: NotePlace,
	note: object,
	random: Random
): Promise<Bytes> {
	const json = writeJson(note);
	if (json.length > NOTE_JSON_MAX_BYTES) throw new ProtocolError('format', 'note is too large');
	return await seal(key, noteContext(place), pad(json, paddedSize), random);
}

/**
 * Reverses {@link sealNote}.
 *
 * @throws {CryptoError | ProtocolError} `format`, `unsupported`, `integrity`
 */
export async function openNote(
	key: CryptoKey,
	place: NotePlace,
	sealed: Bytes
): Promise<JsonObject> {
	const json = unpad(await open(key, noteContext(place), sealed), paddedSize);
	if (json.length > NOTE_JSON_MAX_BYTES) throw new ProtocolError('format', 'note is too large');
	const note = readJson(json);
	if (note['v'] !== 1) throw new ProtocolError('unsupported', 'note of another version');
	return note;
}

function paddedSize(length: number): number {
	return Math.max(SMALLEST, padme(length));
}

function noteContext({ account, vault, generation, note }: NotePlace): Bytes {
	const purpose = PURPOSE.note;
	return context({ purpose, generation, account, scope: vault, object: note, revision: REVISION });
}
