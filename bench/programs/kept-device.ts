/**
 * What a device keeps from one start of a program to the next, in a file: its id, its pins, and its
 * session, as a browser keeps them. They are on the disk before anything is told.
 */
import {
	closeSync,
	existsSync,
	fdatasyncSync,
	openSync,
	readFileSync,
	renameSync,
	writeSync
} from 'node:fs';
import type { AccountPin, EmailPin, PinChange } from '#lib/keyholder/pins.ts';
import { decode, encode } from '#lib/encoding/base64url.ts';
import { MemoryPins } from '../../tests/hostile/memory-pins.ts';

interface Kept {
	readonly device: string;
	readonly cookie: string;
	readonly emails: readonly [string, EmailPin][];
	readonly accounts: readonly [string, AccountPin][];
}

export class KeptDevice extends MemoryPins {
	readonly #file: string | undefined;
	#device: string | undefined;
	#written = '';
	cookie = '';

	/** @param file without one it is forgotten when the program ends. */
	constructor(file?: string) {
		super();
		this.#file = file;
		if (file === undefined || !existsSync(file)) return;
		this.#written = readFileSync(file, 'utf8');
		const kept = JSON.parse(this.#written, (name, value: unknown) =>
			name === 'head' ? decode(String(value)) : value
		) as Kept;
		this.#device = kept.device;
		this.cookie = kept.cookie;
		for (const [hash, pin] of kept.emails) this.emails.set(hash, pin);
		for (const [id, pin] of kept.accounts) this.accounts.set(id, pin);
	}

	override async deviceId(): Promise<string> {
		return (this.#device ??= await super.deviceId());
	}

	override async save(change: PinChange): Promise<void> {
		await super.save(change);
		await this.#write();
	}

	async keepCookie(cookie: string): Promise<void> {
		this.cookie = cookie;
		await this.#write();
	}

	/** Nothing that is there already is written again. */
	async #write(): Promise<void> {
		const kept: Kept = {
			device: await this.deviceId(),
			cookie: this.cookie,
			emails: [...this.emails],
			accounts: [...this.accounts]
		};
		const text = JSON.stringify(kept, (_, value: unknown) =>
			value instanceof Uint8Array ? encode(value) : value
		);
		if (this.#file === undefined || text === this.#written) return;
		const aside = `${this.#file}.new`;
		const file = openSync(aside, 'w', 0o600);
		writeSync(file, text);
		fdatasyncSync(file);
		closeSync(file);
		renameSync(aside, this.#file);
		this.#written = text;
	}
}
