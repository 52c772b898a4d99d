/**
 * A restore or an import in as few commits as hold it: one, unless it is larger than a commit may be.
 *
 * The sizes are those of docs/protocol.md, 7 and 11, as they are sent. How full the sheets are that
 * new keys join is not known here, so some room is left for them; where that was too little, the
 * keyholder refuses a part before anything of it is sent, and it is divided further.
 */
import { COMMIT_BODY_BYTES, COMMIT_RECORDS, ITEMS_PER_SHEET } from '#lib/api/limits.ts';
import { SEAL_OVERHEAD_BYTES, SECRET_MIN_BYTES } from '#lib/api/limits.ts';
import { padme } from '#lib/crypto/padding.ts';
import { entryBytes } from '#lib/items/overview.ts';
import { jsonBytes } from '#lib/items/secret.ts';
import type { KeyEdit } from '#lib/keyholder/views.ts';

export type Addition = Extract<KeyEdit, { kind: 'add' }>;

/** The manifest, and sheets that some of the keys join. */
const ROOM_BYTES = 1024 * 1024;
const ROOM_RECORDS = 100;
/** A record's id and names in JSON. */
const RECORD_JSON_BYTES = 64;
/** Padding's prefix and the page that is begun, shared by the keys of a sheet. */
const SHEET_BYTES = 4_100;

/** `edits`, in their order, divided so that each part should fit into one commit. */
export function partsOf<Edit extends KeyEdit>(edits: readonly Edit[]): Edit[][] {
	const parts: Edit[][] = [];
	let part: Edit[] = [];
	let bytes = 0;
	for (const edit of edits) {
		const cost = bytesOf(edit);
		const tooMany = recordsOf(part.length + 1) > COMMIT_RECORDS - ROOM_RECORDS;
		if (part.length > 0 && (tooMany || bytes + cost > COMMIT_BODY_BYTES - ROOM_BYTES)) {
			parts.push(part);
			part = [];
			bytes = 0;
		}
		part.push(edit);
		bytes += cost;
	}
	return part.length === 0 ? parts : [...parts, part];
}

/** Each part in two halves; a part of one key cannot be divided. */
export function divided<Edit>(part: readonly Edit[]): Edit[][] {
	const middle = Math.ceil(part.length / 2);
	return [part.slice(0, middle), part.slice(middle)].filter((half) => half.length > 0);
}

/** A secret each, and the sheets that list them. */
function recordsOf(count: number): number {
	return count + Math.ceil(count / ITEMS_PER_SHEET);
}

/** What one edit adds to the body of a commit. A changed key is listed in a sheet of its own at worst. */
function bytesOf(edit: KeyEdit): number {
	if (edit.kind === 'drop') return SHEET_BYTES + 2 * RECORD_JSON_BYTES;
	const { overview, secret } = edit;
	const padded = secret === undefined ? 0 : padme(4 + jsonBytes(secret)) + SEAL_OVERHEAD_BYTES;
	const sealed = Math.max(SECRET_MIN_BYTES, padded);
	const listed =
		entryBytes(overview) + (edit.kind === 'add' ? SHEET_BYTES / ITEMS_PER_SHEET : SHEET_BYTES);
	return Math.ceil(((sealed + listed) * 4) / 3) + 2 * RECORD_JSON_BYTES;
}
