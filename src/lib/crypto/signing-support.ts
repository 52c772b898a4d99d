/** Whether a browser has what `signature.ts` needs; apart from it, since every page asks first. */

export async function canSign(): Promise<boolean> {
	try {
		const { privateKey } = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
		const encoded = await crypto.subtle.exportKey('pkcs8', privateKey);
		const { x } = await crypto.subtle.exportKey('jwk', privateKey);
		const key = await crypto.subtle.importKey('pkcs8', encoded, 'Ed25519', false, ['sign']);
		await crypto.subtle.sign('Ed25519', key, new Uint8Array(1));
		return x !== undefined;
	} catch {
		return false;
	}
}
