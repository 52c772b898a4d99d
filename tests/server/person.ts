/**
 * Someone with an account, as the server sees one: random blobs of the right sizes and real
 * Ed25519 keys. Nothing here can open anything, and the server cannot tell.
 */
import { AccountCommitReply, AccountCommitRequest, AccountHead } from '#lib/api/account.ts';
import { RegisterRequest } from '#lib/api/accounts.ts';
import { VerifyReply } from '#lib/api/auth.ts';
import { CommitReply, CommitRequest, SecretsReply, VaultHead } from '#lib/api/vaults.ts';
import { z } from '#lib/api/zod.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import { newId, newKey, random, sha256 } from './material.ts';
import { parsed, Visitor, type AnyHost, type ProofBy } from './visitor.ts';

export { newId, newKey, random, sha256 } from './material.ts';
export { codeOf, parsed } from './visitor.ts';

/** What is written by a commit besides its manifest; everything may be left out. */
type Change = Partial<Omit<z.output<typeof CommitRequest>, 'expected' | 'manifest'>>;

export class Person extends Visitor {
	readonly account = newId();
	readonly vault = newId();
	readonly recoverySlot = newId();
	readonly locator = random(16);
	readonly salt = random(16);
	readonly recoveryKey = newKey();
	readonly wrap = random(117);
	readonly keyWrap = random(117);
	readonly accountManifest = random(448);
	readonly vaultManifest = random(176);
	seq = 1;
	head = sha256(new Uint8Array(32), sha256(this.vaultManifest));
	accountSeq = 1;
	accountHead = sha256(new Uint8Array(32), sha256(this.accountManifest));
	/** The secrets that this person's sheets list. */
	readonly listed = new Set<Id>();

	constructor(
		host: AnyHost,
		readonly email = `${newId().toLowerCase()}@example.org`,
		address?: string,
		origin?: string
	) {
		super(host, address, origin);
	}

	registration(): z.output<typeof RegisterRequest> {
		const { setupCode } = this.host;
		return {
			...(setupCode === undefined ? {} : { setupCode }),
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
			for (const { item } of request.secrets) this.listed.add(item);
			for (const item of request.droppedSecrets) this.listed.delete(item);
		}
		return reply;
	}

	/** Takes over what the server was found with: the manifest of this seq, upon `before`. */
	moveTo(seq: number, before: Bytes, manifest: Bytes): void {
		this.seq = seq;
		this.head = sha256(before, sha256(manifest));
	}

	/** A commit of the account on the head that this person knows. */
	accountCommitOf(
		change: Partial<z.output<typeof AccountCommitRequest>> = {}
	): z.output<typeof AccountCommitRequest> {
		return {
			expected: { seq: this.accountSeq, head: this.accountHead },
			slots: [],
			vaults: [],
			droppedVaults: [],
			manifest: random(448),
			...change
		};
	}

	/** Sends a commit of the account; a stored one moves the head that this person knows. */
	async sendAccountCommit(
		request: z.output<typeof AccountCommitRequest>,
		by?: ProofBy
	): Promise<Response> {
		const path = '/api/v1/account/commits';
		const json = z.encode(AccountCommitRequest, request);
		const response =
			by === undefined ? await this.post(path, json) : await this.prove(by, path, json);
		if (response.status === 200) {
			this.accountSeq = request.expected.seq + 1;
			this.accountHead = sha256(request.expected.head, sha256(request.manifest));
		}
		return response;
	}

	async commitAccount(settings?: Bytes): Promise<z.output<typeof AccountCommitReply>> {
		const change = settings === undefined ? {} : { settings };
		return await parsed(
			AccountCommitReply,
			await this.sendAccountCommit(this.accountCommitOf(change))
		);
	}

	async readSecrets(items: readonly Id[], purpose = 'copy', headers: Record<string, string> = {}) {
		return await this.post(`/api/v1/vaults/${this.vault}/secrets`, { items, purpose }, { headers });
	}

	/** The header that allows exactly this export. */
	async exportProof(items: readonly Id[]): Promise<Record<string, string>> {
		const body = JSON.stringify({ items, purpose: 'export' });
		return await this.proofOf({ purpose: 5 }, 'POST', `/api/v1/vaults/${this.vault}/secrets`, body);
	}
}

/** Someone registered and signed in. */
export async function someone(host: AnyHost, email?: string): Promise<Person> {
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
