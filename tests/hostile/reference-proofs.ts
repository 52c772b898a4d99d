/**
 * Challenges and proofs as docs/protocol.md, 9 says, written for the tests with node:crypto alone:
 * the client is checked against the text, not against code that it shares with its server.
 */
import {
	createHash,
	createHmac,
	createPublicKey,
	randomBytes,
	timingSafeEqual,
	verify
} from 'node:crypto';

export interface Challenge {
	readonly account: string;
	readonly slot: string;
	readonly kind: number;
	readonly profile: number;
	readonly salt: string;
	readonly challenge: string;
	readonly expiresAtMs: number;
	readonly purpose: number;
}

interface SignedAction {
	readonly method: string;
	readonly path: string;
	readonly body: string;
}

const LIFETIME_MS = 120_000;
/** SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410). */
export const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

export class Proofs {
	readonly #key = randomBytes(32);
	readonly #used = new Set<string>();
	readonly #origin: string;
	readonly #now: () => number;

	constructor(origin: string, now: () => number) {
		this.#origin = origin;
		this.#now = now;
	}

	/** What `auth/challenge` answers. */
	issue(
		fields: Pick<Challenge, 'account' | 'slot' | 'kind' | 'profile' | 'salt' | 'purpose'>
	): Omit<Challenge, 'purpose'> & { purpose: undefined; token: string } {
		const made: Challenge = {
			...fields,
			challenge: randomBytes(32).toString('base64url'),
			expiresAtMs: this.#now() + LIFETIME_MS
		};
		const text = Buffer.from(JSON.stringify(made));
		const token = Buffer.concat([this.#mac(text), text]).toString('base64url');
		return { ...made, purpose: undefined, token };
	}

	/** Account-like answers for an unknown email, the same every time. */
	invent(email: string): Pick<Challenge, 'account' | 'slot' | 'kind' | 'profile' | 'salt'> {
		const part = (name: string) =>
			this.#mac(Buffer.from(`${name} ${email}`))
				.subarray(0, 16)
				.toString('base64url');
		return { account: part('a'), slot: part('s'), kind: 1, profile: 1, salt: part('salt') };
	}

	/** The challenge that `token` was issued for, if `signature` proves it; each works once. */
	check(
		token: string,
		signature: string,
		publicKeyOf: (challenge: Challenge) => string | undefined,
		action?: SignedAction
	): Challenge | undefined {
		const bytes = Buffer.from(token, 'base64url');
		const [mac, text] = [bytes.subarray(0, 32), bytes.subarray(32)];
		if (mac.length !== 32 || !timingSafeEqual(mac, this.#mac(text))) return undefined;
		const challenge = JSON.parse(text.toString()) as Challenge;
		const publicKey = publicKeyOf(challenge);
		if (publicKey === undefined || challenge.expiresAtMs < this.#now()) return undefined;
		if (this.#used.has(token)) return undefined;
		const spki = Buffer.concat([SPKI_PREFIX, Buffer.from(publicKey, 'base64url')]);
		const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
		const message = messageOf(challenge, this.#origin, action);
		if (!verify(null, message, key, Buffer.from(signature, 'base64url'))) return undefined;
		this.#used.add(token);
		return challenge;
	}

	#mac(bytes: Buffer): Buffer {
		return createHmac('sha256', this.#key).update(bytes).digest();
	}
}

export function messageOf(challenge: Challenge, origin: string, action?: SignedAction): Buffer {
	const expires = Buffer.alloc(8);
	expires.writeBigUInt64BE(BigInt(challenge.expiresAtMs));
	return Buffer.concat([
		Buffer.from('keyhold/v1/auth\0'),
		Buffer.of(challenge.purpose),
		Buffer.from(challenge.account, 'base64url'),
		Buffer.from(challenge.slot, 'base64url'),
		Buffer.from(challenge.challenge, 'base64url'),
		expires,
		prefixed(origin),
		action === undefined ? Buffer.alloc(32) : actionHash(action)
	]);
}

function actionHash({ method, path, body }: SignedAction): Buffer {
	return createHash('sha256')
		.update('keyhold/v1/action\0')
		.update(prefixed(method))
		.update(prefixed(path))
		.update(createHash('sha256').update(body).digest())
		.digest();
}

function prefixed(text: string): Buffer {
	const bytes = Buffer.from(text);
	const length = Buffer.alloc(2);
	length.writeUInt16BE(bytes.length);
	return Buffer.concat([length, bytes]);
}
