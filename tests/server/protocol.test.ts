/** The server builds the bytes of the protocol itself; here they are compared with the client's. */
import { describe, expect, test } from 'vitest';
import { actionHash } from '#lib/protocol/challenge.ts';
import { head } from '#lib/protocol/chain.ts';
import { utf8 } from '#lib/encoding/bytes.ts';
import { headOf, NO_HEAD, sha256 } from '#lib/server/chain.ts';
import { fromHex, hex } from '#lib/encoding/bytes.ts';
import { actionMessage } from '#lib/encoding/challenge.ts';
import { verifySignature } from '#lib/server/auth/ed25519.ts';
import { signingKey } from '#lib/crypto/signature.ts';
import { random } from './person.ts';

describe('what client and server both compute', () => {
	test('is the same head', async () => {
		const [prev, manifest] = [random(32), random(400)];
		expect(headOf(prev, sha256(manifest))).toEqual(await head(prev, manifest));
		expect(headOf(NO_HEAD, sha256(manifest))).toEqual(await head(new Uint8Array(32), manifest));
	});

	test('is the published head', () => {
		const first = fromHex('45e2e1bf10ee31f33114287001692ee5d02aad731674c042db35992e7329615f');
		const second = fromHex('046e1757541b88c49941b2b790f66dd1b322bb6e4194cc3a93dcdf8c14751a09');
		const one = headOf(NO_HEAD, first);
		expect(hex(one)).toBe('9e135c8c93c4a9adec0fc13ac43fcd70a0a912a9f260276f713fa1af87914064');
		expect(hex(headOf(one, second))).toBe(
			'0c0db17eb0a1b5537ed118e0497d3e18fa52f35a66195375deb57f0d466fa173'
		);
	});

	test('is the same action hash', async () => {
		const body = utf8('{"items":[],"purpose":"export"}');
		const here = sha256(actionMessage('POST', '/api/v1/vaults/x/secrets?a=b', sha256(body)));
		expect(here).toEqual(await actionHash('POST', '/api/v1/vaults/x/secrets?a=b', body));
	});

	test('is a signature that the other side takes', async () => {
		const key = await signingKey(random(32));
		const message = random(200);
		expect(verifySignature(key.publicKey, message, await key.sign(message))).toBe(true);
	});
});
