/** A chain of manifests as a server keeps it: the last blob, and the hash of every one. */
import { createHash } from 'node:crypto';

export class ReferenceChain {
	#blob: string;
	readonly #hashes: Buffer[];
	#head: Buffer;

	/** `blob` is manifest 1, as base64url. */
	constructor(blob: string) {
		this.#blob = blob;
		this.#hashes = [];
		this.#head = Buffer.alloc(32);
		this.push(blob);
	}

	get seq(): number {
		return this.#hashes.length;
	}

	get head(): string {
		return this.#head.toString('base64url');
	}

	get blob(): string {
		return this.#blob;
	}

	push(blob: string): void {
		const hash = sha256(Buffer.from(blob, 'base64url'));
		this.#blob = blob;
		this.#hashes.push(hash);
		this.#head = sha256(Buffer.concat([this.#head, hash]));
	}

	/** The hashes strictly between `after` and the head; none without it. */
	after(after = this.seq): string[] {
		return this.#hashes.slice(after, -1).map((hash) => hash.toString('base64url'));
	}

	/** A copy that goes its own way: what a server needs to keep two devices apart. */
	clone(): ReferenceChain {
		const copy = new ReferenceChain(this.#blob);
		copy.#hashes.splice(0, 1, ...this.#hashes);
		copy.#head = this.#head;
		return copy;
	}
}

function sha256(bytes: Buffer): Buffer {
	return createHash('sha256').update(bytes).digest();
}
