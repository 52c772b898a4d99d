/**
 * H20: a server that halves its list of guesses with each sign-in, by a slot wrap that opens under
 * the keys of two passwords. The commitment fits one of them only, so either way the person's
 * client refuses it, with the same word and the same requests.
 */
import { expect, test } from 'vitest';
import { randomBytes } from '#lib/crypto/random.ts';
import { decode, encode } from '#lib/encoding/base64url.ts';
import { concat, type Bytes } from '#lib/encoding/bytes.ts';
import { context, PURPOSE } from '#lib/protocol/context.ts';
import { passwordBytes } from '#lib/protocol/password.ts';
import { passwordDescriptor, passwordSalt, slotKeys } from '#lib/protocol/slots.ts';
import { cheapRoot, EMAIL, PASSWORD, World } from './harness.ts';
import { changing } from './moves.ts';
import { derived, twoKeyCipher } from './two-keys.ts';

const OTHER_GUESS = 'battery staple correct fish';

/** The key that opens the slot, if `password` were the person's. */
async function kekOf(password: string, salt16: Bytes): Promise<Bytes> {
	const salt = await passwordSalt(1, EMAIL, salt16);
	const { kek } = await slotKeys(cheapRoot(passwordBytes(password), salt, 1), 1);
	return kek;
}

/** A wrap of the right size whose ciphertext opens under both guesses, committed to `committed`. */
async function wrapForTwo(world: World, committed: string): Promise<string> {
	const { id: account, slots } = world.stored();
	const slot = slots.find(({ kind }) => kind === 1);
	if (slot === undefined) throw new Error('no password slot');
	const salt16 = decode(String(slot['salt']));
	const where = context({
		purpose: PURPOSE.slotWrap,
		generation: 1,
		account,
		scope: slot.id,
		object: encode(await passwordDescriptor(1, salt16)),
		revision: 1
	});
	const salt = randomBytes(32);
	const sideOf = async (guess: string) => derived(await kekOf(guess, salt16), where, salt);
	const [right, wrong] = [await sideOf(PASSWORD), await sideOf(OTHER_GUESS)];
	const { commitment } = committed === PASSWORD ? right : wrong;
	const wrap = concat(Uint8Array.of(1), salt, commitment, await twoKeyCipher(right, wrong, where));
	return encode(wrap);
}

test.each([
	['the password', PASSWORD],
	['another guess', OTHER_GUESS]
])('a wrap that opens under two passwords, committed to %s: refused', async (_, committed) => {
	const world = new World();
	const device = await world.knownDevice(['a']);
	const wrap = await wrapForTwo(world, committed);
	device.wire.tamper = changing('/auth/verify', (json) => ({ ...json, wrap }));
	const { message } = await world.refused(device, 'integrity', () => device.unlock(), 1);
	// Under the password it decrypts, but to nothing that was ever wrapped. The commitment to the
	// other guess ends it before anything is decrypted.
	expect(message === 'wrapped bytes do not open').toBe(committed === OTHER_GUESS);
	expect(device.wire.requests().slice(-2)).toEqual([
		'POST /api/v1/auth/verify',
		'GET /api/v1/account'
	]);
});
