/**
 * Binary layouts: big-endian integers and byte strings one after another, without alignment.
 *
 * `u64` stops at 2^53 - 1, the largest integer that JSON carries exactly: a larger one can only
 * come from a broken or hostile writer. Norm: docs/protocol.md, 1.
 */
import { EncodingError, type Bytes } from '#lib/encoding/bytes.ts';
import { ID_BYTES, idBytes, idText, type Id } from '#lib/encoding/id.ts';

const U32_RANGE = 0x1_0000_0000;

/** Appends fields; {@link Writer.done} returns them as one array. Grows as needed. */
export class Writer {
	#bytes: Bytes = new Uint8Array(128);
	#length = 0;

	u8(value: number): this {
		return this.#integer(value, 1, 0xff);
	}

	u16(value: number): this {
		return this.#integer(value, 2, 0xffff);
	}

	u32(value: number): this {
		return this.#integer(value, 4, 0xffff_ffff);
	}

	u64(value: number): this {
		return this.#integer(value, 8, Number.MAX_SAFE_INTEGER);
	}

	bytes(value: Uint8Array): this {
		this.#room(value.length);
		this.#bytes.set(value, this.#length);
		this.#length += value.length;
		return this;
	}

	/** `u16 length || value`. */
	prefixed(value: Uint8Array): this {
		return this.u16(value.length).bytes(value);
	}

	id(value: Id): this {
		return this.bytes(idBytes(value));
	}

	done(): Bytes {
		return this.#bytes.slice(0, this.#length);
	}

	#integer(value: number, size: number, max: number): this {
		if (!Number.isSafeInteger(value) || value < 0 || value > max) {
			throw new EncodingError(`integer does not fit in ${size} bytes`);
		}
		this.#room(size);
		let rest = value;
		for (let i = this.#length + size - 1; i >= this.#length; i--) {
			this.#bytes[i] = rest % 256;
			rest = Math.floor(rest / 256);
		}
		this.#length += size;
		return this;
	}

	/** Doubles, and clears what it leaves: a layout may hold a key. */
	#room(size: number): void {
		if (this.#length + size <= this.#bytes.length) return;
		const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + size));
		larger.set(this.#bytes.subarray(0, this.#length));
		this.#bytes.fill(0);
		this.#bytes = larger;
	}
}

/** Takes fields in order. Every method throws {@link EncodingError} where the bytes end too early. */
export class Reader {
	readonly #bytes: Bytes;
	#offset = 0;

	constructor(bytes: Bytes) {
		this.#bytes = bytes;
	}

	u8(): number {
		return this.#integer(1);
	}

	u16(): number {
		return this.#integer(2);
	}

	u32(): number {
		return this.#integer(4);
	}

	/** @throws {EncodingError} above 2^53 - 1 too. */
	u64(): number {
		const high = this.u32();
		const low = this.u32();
		const value = high * U32_RANGE + low;
		if (!Number.isSafeInteger(value)) throw new EncodingError('integer above 2^53 - 1');
		return value;
	}

	/** A copy: it outlives the array that was read, which may be wiped. */
	bytes(length: number): Bytes {
		const end = this.#offset + length;
		if (end > this.#bytes.length) throw new EncodingError('bytes end too early');
		const taken = this.#bytes.slice(this.#offset, end);
		this.#offset = end;
		return taken;
	}

	id(): Id {
		return idText(this.bytes(ID_BYTES));
	}

	/** @throws {EncodingError} if anything is left: a layout has no room for additions. */
	end(): void {
		if (this.#offset !== this.#bytes.length) throw new EncodingError('bytes are left over');
	}

	#integer(size: number): number {
		let value = 0;
		for (const byte of this.bytes(size)) value = value * 256 + byte;
		return value;
	}
}
