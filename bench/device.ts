/**
 * A device in Node: the product's keyholder, over the network to a real server, with a look at what
 * passes. Answers are read to their end before the keyholder gets them, so that what comes after is
 * its own time.
 */
import { argon2id } from '#lib/crypto/kdf.ts';
import { randomBytes } from '#lib/crypto/random.ts';
import { hex, type Bytes } from '#lib/encoding/bytes.ts';
import { Keyholder } from '#lib/keyholder/keyholder.ts';
import { MemoryPins } from '../tests/hostile/memory-pins.ts';
import { addKeys } from './keys.ts';

export const PASSWORD = 'seven brass ticks on warm paper';

/** Argon2id is another part's: here each password is derived from once. */
const roots = new Map<string, Bytes>();

export class Device {
	/** Milliseconds that were waited for the server since {@link reset}. */
	waited = 0;
	/** Bytes of the bodies that were sent since then. */
	sent = 0;
	/** When the last answer was there, on the clock of `performance`. */
	answeredAt = 0;
	readonly keyholder: Keyholder;
	#cookie = '';
	readonly #origin: string;

	constructor(
		origin: string,
		readonly email: string,
		pins = new MemoryPins()
	) {
		this.#origin = origin;
		this.keyholder = new Keyholder({
			origin,
			fetch: (url, init) => this.#fetch(url, init),
			now: Date.now,
			random: randomBytes,
			pins,
			derive: derivedOnce
		});
	}

	/** Its first vault. */
	get vault() {
		const [vault] = this.keyholder.view().vaults;
		if (vault === undefined) throw new Error('no vault');
		return vault;
	}

	async unlock(): Promise<void> {
		const { outcome } = await this.keyholder.unlock(this.email, PASSWORD);
		if (outcome !== 'unlocked') throw new Error(outcome);
	}

	/** Registers the account and keeps `keys` keys in it. */
	async settle(keys: number): Promise<void> {
		await this.keyholder.prepare(this.email, PASSWORD);
		const { outcome } = await this.keyholder.register();
		if (outcome !== 'registered') throw new Error(outcome);
		await addKeys(this.keyholder, keys);
	}

	/** Milliseconds of its own that `work` takes: without those that it waits for the server. */
	async ownTimeOf(work: () => Promise<unknown>): Promise<number> {
		this.waited = 0;
		this.sent = 0;
		const before = performance.now();
		await work();
		return performance.now() - before - this.waited;
	}

	async #fetch(url: string, init: RequestInit): Promise<Response> {
		if (typeof init.body === 'string') this.sent += Buffer.byteLength(init.body);
		const cookie: Record<string, string> = this.#cookie === '' ? {} : { cookie: this.#cookie };
		const headers = Object.fromEntries(new Headers(init.headers));
		const before = performance.now();
		const response = await fetch(url, {
			...init,
			headers: { ...headers, ...cookie, origin: this.#origin }
		});
		const body = await response.arrayBuffer();
		this.answeredAt = performance.now();
		this.waited += this.answeredAt - before;
		const set = response.headers.get('set-cookie');
		if (set !== null) this.#cookie = set.split(';', 1)[0] ?? '';
		return new Response(response.status === 204 ? null : body, response);
	}
}

async function derivedOnce(password: Bytes, salt: Bytes, profile: number): Promise<Bytes> {
	const known = roots.get(hex(salt)) ?? (await argon2id(password, salt, profile));
	roots.set(hex(salt), known.slice());
	return known.slice();
}
