/** Derives once, as the product's worker does, with the product's own Argon2id. */
import { argon2id } from '#lib/crypto/kdf.ts';
import { hex, type Bytes } from '#lib/encoding/bytes.ts';

export interface Derivation {
	readonly password: Bytes;
	readonly salt: Bytes;
	readonly profile: number;
}

addEventListener('message', ({ data }: MessageEvent<Derivation>) => {
	void argon2id(data.password, data.salt, data.profile).then((root) => {
		postMessage(hex(root));
	});
});
