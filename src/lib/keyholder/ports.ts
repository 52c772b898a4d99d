/**
 * What the keyholder needs of the world, passed in: the same code runs in a browser's worker, in
 * Node, in tests and against a server that attacks it.
 */
import type { Ask } from '#lib/api/client.ts';
import type { Random } from '#lib/crypto/random.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { PinStore } from '#lib/keyholder/pins.ts';

export interface Ports {
	/** The origin that is signed and that every request goes to, as `https://host:port`. */
	readonly origin: string;
	readonly fetch: Ask;
	/** Milliseconds since 1970. */
	readonly now: () => number;
	/** Random bytes from the system's generator. */
	readonly random: Random;
	readonly pins: PinStore;
	/** Argon2id under a numbered profile, 32 bytes. Slow and large, so its host decides where it runs. */
	readonly derive: (password: Bytes, salt: Bytes, profile: number) => Promise<Bytes>;
	/** Of passwords that are set or entered now, where it is not the one that is compiled in. */
	readonly defaultProfile?: 1 | 2;
}
