/**
 * Whether this browser can do what Keyhold needs. Asked before anything else: a page that cannot
 * seal says so, and does not ask for a password.
 */
import { canSign } from '#lib/crypto/signing-support.ts';

/**
 * `insecure`: the page came without HTTPS, so there is no WebCrypto, and whatever came could have
 * been changed. The others name what the browser lacks.
 */
export type Lack = 'insecure' | 'webcrypto' | 'ed25519' | 'wasm' | 'worker' | 'storage';

/** The parts of a browser that are asked for. */
export interface Platform {
	readonly isSecureContext: boolean;
	readonly crypto?: { readonly subtle?: unknown };
	readonly WebAssembly?: unknown;
	readonly Worker?: unknown;
	readonly indexedDB?: unknown;
}

/** The first thing that is lacking, or undefined where everything is there. */
export async function findLack(
	platform: Platform = globalThis,
	ed25519: () => Promise<boolean> = canSign
): Promise<Lack | undefined> {
	if (!platform.isSecureContext) return 'insecure';
	if (platform.crypto?.subtle === undefined) return 'webcrypto';
	if (platform.WebAssembly === undefined) return 'wasm';
	if (platform.Worker === undefined) return 'worker';
	if (platform.indexedDB === undefined) return 'storage';
	return (await ed25519()) ? undefined : 'ed25519';
}

/**
 * Whether a page can have passkeys: the browser knows them, and the page has the name of a host, which
 * they are of. At a bare address no browser makes or uses one.
 */
export function knowsPasskeys(
	host: string,
	platform: { readonly PublicKeyCredential?: unknown } = globalThis
): boolean {
	const isAddress = /^[\d.]+$|^\[/.test(host);
	return platform.PublicKeyCredential !== undefined && !isAddress;
}
