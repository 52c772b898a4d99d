/** What a password costs to derive from. Norm: docs/protocol.md, 3. */
import { DEFAULT_KDF_PROFILE } from '#lib/crypto/kdf.ts';
import type { Ports } from '#lib/keyholder/ports.ts';

/** Of new passwords, and of those that are entered. */
export function defaultProfile({ defaultProfile: profile }: Ports): 1 | 2 {
	return profile ?? DEFAULT_KDF_PROFILE;
}

/** The slot's own profile or the default, whichever costs more to guess against: it never falls. */
export function profileFor(ports: Ports, { profile }: { readonly profile: number }): 1 | 2 {
	return profile === 2 ? 2 : defaultProfile(ports);
}
