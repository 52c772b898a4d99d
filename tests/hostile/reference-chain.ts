/** A chain of manifests as a server keeps it: the last blob, and the hash of every one. */
import { createHash } from 'node:crypto';

export class ReferenceChain {
	#blob: string;
	/** Ascending; seqs have gaps where a restore was accepted. */
	readonly #links: { readonly seq: number; readonly hash: Buffer }[];
	#head: Buffer;

	/** `blob` is manifest 1, as base64url. */
	constructor(blob: string) {
		this.#blob = blob;
		this.#links = [];
		this.#head = Buffer.alloc(32);
		this.push(blob);
	}

	get seq(): number {
		return this.#links.at(-1)?.seq ?? 0;
	}

	get head(): string {
		return this.#head.toString('base64url');
	}

	get blob(): string {
		return this.#blob;
	}

	push(blob: string): void {
		this.jump(blob, this.seq + 1);
	}

	/** Goes on at a later seq. */
	jump(blob: string, seq: number): void {
		if (seq <= this.seq) throw new Error('a chain goes forward');
		const hash = sha256(Buffer.from(blob, 'base64url'));
		this.#blob = blob;
		this.#links.push({ seq, hash });
		this.#head = sha256(Buffer.concat([this.#head, hash]));
	}

	/** The hashes strictly between `after` and the head; none without it. */
	after(after = this.seq): string[] {
		return this.#links
			.slice(0, -1)
			.filter(({ seq }) => seq > after)
			.map(({ hash }) => hash.toString('base64url'));
	}

	/** A copy that goes its own way: what a server needs to keep two devices apart. */
	clone(): ReferenceChain {
		const copy = new ReferenceChain(this.#blob);
		copy.#links.splice(0, 1, ...this.#links);
		copy.#head = this.#head;
		return copy;
	}
}

function sha256(bytes: Buffer): Buffer {
	return createHash('sha256').update(bytes).digest();
}
