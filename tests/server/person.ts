/**
 * Someone with an account, as the server sees one: random blobs of the right sizes and real
 * Ed25519 keys. Nothing here can open anything, and the server cannot tell.
 */
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { AccountCommitReply, AccountHead } from '#lib/api/account.ts';
import { RegisterRequest } from '#lib/api/accounts.ts';
import { ChallengeReply, PROOF_HEADER, Proof, VerifyReply } from '#lib/api/auth.ts';
import { CommitReply, CommitRequest, SecretsReply, VaultHead } from '#lib/api/vaults.ts';
import { z } from '#lib/api/zod.ts';
import { decode, encode } from '#lib/encoding/base64url.ts';
import { actionMessage, challengeMessage } from '#lib/encoding/challenge.ts';
import { utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { idText, type Id } from '#lib/encoding/id.ts';
import { ORIGIN, type Host, type Sent } from './host.ts';

export function random(length: number): Bytes {
	return new Uint8Array(randomBytes(length));
}

export function newId(): Id {
	return idText(random(16));
}

export function sha256(...parts: readonly Uint8Array[]): Bytes {
	const hash = createHash('sha256');
	for (const part of parts) hash.update(part);
	return new Uint8Array(hash.digest());
}

interface Key {
	readonly publicKey: Bytes;
	readonly privateKey: KeyObject;
}

export function newKey(): Key {
	const { publicKey, privateKey } = generateKeyPairSync('ed25519');
	return { publicKey: decode(publicKey.export({ format: 'jwk' }).x ?? ''), privateKey };
}

/** What is written by a commit besides its manifest; everything may be left out. */
type Change = Partial<Omit<z.output<typeof CommitRequest>, 'expected' | 'manifest'>>;

export class Person {
	readonly account = newId();
	readonly vault = newId();
	readonly passwordSlot = newId();
	readonly recoverySlot = newId();
	readonly locator = random(16);
	readonly salt = random(16);
	readonly key = newKey();
	readonly recoveryKey = newKey();
	readonly wrap = random(117);
	readonly keyWrap = random(117);
	readonly accountManifest = random(448);
	readonly vaultManifest = random(176);
	cookie = '';
	seq = 1;
	head = sha256(new Uint8Array(32), sha256(this.vaultManifest));
	accountSeq = 1;
	accountHead = sha256(new Uint8Array(32), sha256(this.accountManifest));

	constructor(
		readonly host: Host,
		readonly email = `${newId().toLowerCase()}@example.org`,
		readonly address = '192.0.2.1'
	) {}

	registration(): z.output<typeof RegisterRequest> {
		return {
			account: this.account,
			email: this.email,
			slots: [
				{
					id: this.passwordSlot,
					kind: 1,
					profile: 1,
					salt: this.salt,
					authPublicKey: this.key.publicKey,
					revision: 1,
					wrap: this.wrap
				},
				{
					id: this.recoverySlot,
					kind: 2,
					locator: this.locator,
					authPublicKey: this.recoveryKey.publicKey,
					revision: 1,
					wrap: random(117)
				}
			],
			manifest: this.accountManifest,
			vault: { id: this.vault, keyWrap: this.keyWrap, manifest: this.vaultManifest }
		};
	}

	async register(): Promise<Response> {
		return await this.post('/api/v1/accounts', z.encode(RegisterRequest, this.registration()));
	}

	/** POSTs JSON as a browser of the own origin would. */
	async post(path: string, json: unknown, more: Sent = {}): Promise<Response> {
		return await this.send(path, {
			method: 'POST',
			body: JSON.stringify(json),
			...more,
			headers: { 'content-type': 'application/json', ...more.headers }
		});
	}

	async send(path: string, sent: Sent = {}): Promise<Response> {
		const cookie: Record<string, string> = this.cookie === '' ? {} : { cookie: this.cookie };
		return await this.host.send(path, {
			address: this.address,
			...sent,
			headers: { origin: ORIGIN, ...cookie, ...sent.headers }
		});
	}

	async challenge(request: Readonly<Record<string, unknown>>) {
		const response = await this.post('/api/v1/auth/challenge', request);
		if (response.status !== 200) throw new Error(`challenge: ${String(response.status)}`);
		return await parsed(ChallengeReply, response);
	}

	/** Signs a challenge of this host with `key`. */
	signed(
		challenge: z.output<typeof ChallengeReply>,
		purpose: number,
		{ key = this.key, actionHash = new Uint8Array(32) } = {}
	): z.output<typeof Proof> {
		const message = challengeMessage({ ...challenge, purpose, origin: ORIGIN, actionHash });
		return {
			token: challenge.token,
			signature: new Uint8Array(sign(null, message, key.privateKey))
		};
	}

	async verify(
		proof: z.output<typeof Proof>,
		more: Readonly<Record<string, unknown>> = {}
	): Promise<Response> {
		const response = await this.post('/api/v1/auth/verify', { ...z.encode(Proof, proof), ...more });
		const cookie = response.headers.get('set-cookie');
		if (response.status === 200 && cookie !== null) this.cookie = cookie.split(';')[0] ?? '';
		return response;
	}

	/** Signs in with the password's slot; the cookie is kept. */
	async signIn(): Promise<z.output<typeof VerifyReply>> {
		const challenge = await this.challenge({ email: this.email, purpose: 1 });
		const response = await this.verify(this.signed(challenge, 1));
		if (response.status !== 200) throw new Error(`verify: ${String(response.status)}`);
		return await parsed(VerifyReply, response);
	}

	async getAccount(query = ''): Promise<z.output<typeof AccountHead>> {
		const response = await this.send(`/api/v1/account${query}`);
		return await parsed(AccountHead, response);
	}

	async getVault(query = ''): Promise<z.output<typeof VaultHead>> {
		const response = await this.send(`/api/v1/vaults/${this.vault}${query}`);
		return await parsed(VaultHead, response);
	}

	/** A commit on the head that this person knows. */
	commitOf(change: Change = {}): z.output<typeof CommitRequest> {
		return {
			expected: { seq: this.seq, head: this.head },
			sheets: [],
			droppedSheets: [],
			secrets: [],
			droppedSecrets: [],
			manifest: random(232),
			...change
		};
	}

	/** Sends a commit; a stored one moves the head that this person knows. */
	async commit(request: z.output<typeof CommitRequest>): Promise<z.output<typeof CommitReply>> {
		const response = await this.post(
			`/api/v1/vaults/${this.vault}/commits`,
			z.encode(CommitRequest, request)
		);
		if (response.status !== 200 && response.status !== 409) {
			throw new Error(`commit: ${String(response.status)}`);
		}
		const reply = await parsed(CommitReply, response);
		if (reply.outcome === 'stored') {
			this.seq = reply.seq;
			this.head = sha256(request.expected.head, sha256(request.manifest));
		}
		return reply;
	}

	async commitAccount(settings?: Bytes): Promise<z.output<typeof AccountCommitReply>> {
		const manifest = random(448);
		const response = await this.post('/api/v1/account/commits', {
			expected: { seq: this.accountSeq, head: encode(this.accountHead) },
			...(settings === undefined ? {} : { settings: encode(settings) }),
			manifest: encode(manifest)
		});
		const reply = await parsed(AccountCommitReply, response);
		if (reply.outcome === 'stored') {
			this.accountSeq = reply.seq;
			this.accountHead = sha256(this.accountHead, sha256(manifest));
		}
		return reply;
	}

	async readSecrets(items: readonly Id[], purpose = 'copy', headers: Record<string, string> = {}) {
		return await this.post(`/api/v1/vaults/${this.vault}/secrets`, { items, purpose }, { headers });
	}

	/** The header that allows exactly this export. */
	async exportProof(items: readonly Id[]): Promise<Record<string, string>> {
		const challenge = await this.challenge({ slot: this.passwordSlot, purpose: 5 });
		const body = utf8(JSON.stringify({ items, purpose: 'export' }));
		const path = `/api/v1/vaults/${this.vault}/secrets`;
		const actionHash = sha256(actionMessage('POST', path, sha256(body)));
		const proof = z.encode(Proof, this.signed(challenge, 5, { actionHash }));
		return { [PROOF_HEADER]: encode(utf8(JSON.stringify(proof))) };
	}
}

/** Someone registered and signed in. */
export async function someone(host: Host, email?: string): Promise<Person> {
	const person = new Person(host, email);
	const response = await person.register();
	if (response.status !== 200) throw new Error(`register: ${String(response.status)}`);
	await person.signIn();
	return person;
}

export function sheet(id = newId()) {
	return { id, blob: random(4_125) };
}

export function secret(item = newId()) {
	return { item, blob: random(285) };
}

export async function secretsOf(response: Response): Promise<z.output<typeof SecretsReply>> {
	return await parsed(SecretsReply, response);
}

/** The reply of a route, checked as the client checks it. */
export async function parsed<S extends z.ZodMiniType>(
	schema: S,
	response: Response
): Promise<z.output<S>> {
	const json: unknown = await response.json();
	const result = z.safeParse(schema, json);
	if (!result.success) throw new Error(`${String(response.status)} is no such reply`);
	return result.data;
}

/** The stable code of a problem. */
export async function codeOf(response: Response): Promise<string> {
	const problem: unknown = await response.json();
	return typeof problem === 'object' && problem !== null && 'code' in problem
		? String(problem.code)
		: 'no code';
}
