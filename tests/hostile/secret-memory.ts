/**
 * Everything that keys are derived from and derived as, by the memory that holds it: wiping shows.
 * For tests that replace `crypto.subtle` and put it back.
 */
import { vi } from 'vitest';

interface Held {
	readonly name: string;
	readonly bytes: Uint8Array;
}

export class SecretMemory {
	#held: Held[] = [];

	constructor() {
		const { subtle } = crypto;
		const derive = subtle.deriveBits.bind(subtle);
		vi.spyOn(subtle, 'deriveBits').mockImplementation(async (algorithm, key, length) => {
			const bits = await derive(algorithm, key, length);
			const info = new TextDecoder('latin1').decode((algorithm as HkdfParams).info);
			const name = (info.split('\0')[0] ?? '').replace('keyhold/v1/', '');
			this.#held.push({ name, bytes: new Uint8Array(bits) });
			return bits;
		});
		const load = subtle.importKey.bind(subtle) as (...all: unknown[]) => Promise<CryptoKey>;
		vi.spyOn(subtle, 'importKey').mockImplementation(async (...all: unknown[]) => {
			const [format, bytes, algorithm] = all;
			if (format === 'raw' && algorithm === 'HKDF' && bytes instanceof Uint8Array) {
				this.#held.push({ name: 'input', bytes });
			}
			return await load(...all);
		});
	}

	/** Forgets what was so far. */
	forget(): void {
		this.#held = [];
	}

	/** Names of what is still there, sorted; of the same memory once. */
	left(): string[] {
		const there = this.#held.filter(({ name, bytes }) => {
			// These are public, or go into a key that cannot be read out at once.
			return !/^(wrap|recovery\/locator)$/.test(name) && bytes.some((byte) => byte !== 0);
		});
		const memory = new Map(there.map(({ name, bytes }) => [bytes.buffer, name]));
		return [...memory.values()].sort();
	}
}
