/**
 * A vault whose every version can be told: each commit writes the same sheet and the same secret
 * anew, so that what is found later is one version whole, or it is none.
 */
import { expect } from 'vitest';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { newId, secret, secretsOf, sheet, type Person } from '../server/person.ts';

interface Version {
	readonly seq: number;
	readonly head: Bytes;
	readonly manifest: Bytes;
	readonly sheet: Bytes;
	readonly secret: Bytes;
}

export class Versions {
	readonly #first: Bytes;
	readonly #sheet = newId();
	readonly #secret = newId();
	/** By seq: every one that was ever sent. */
	readonly #sent = new Map<number, Version>();
	/** The seq of the last that was acknowledged. */
	acknowledged = 1;

	constructor(readonly person: Person) {
		this.#first = person.head;
	}

	/** Sends the next version. Throws if no answer comes. */
	async write(): Promise<'acknowledged' | 'refused'> {
		const { person } = this;
		const [written, sealed] = [sheet(this.#sheet), secret(this.#secret)];
		const request = person.commitOf({ sheets: [written], secrets: [sealed] });
		const { seq, head } = request.expected;
		this.#sent.set(seq + 1, {
			...{ seq: seq + 1, head, manifest: request.manifest },
			...{ sheet: written.blob, secret: sealed.blob }
		});
		try {
			const { outcome } = await person.commit(request);
			expect(outcome).toBe('stored');
			this.acknowledged = seq + 1;
			return 'acknowledged';
		} catch (error) {
			if (error instanceof Error && error.message.startsWith('commit: 503')) return 'refused';
			throw error;
		}
	}

	/** Writes on and on until no answer comes. */
	async writeUntilCut(): Promise<void> {
		try {
			for (;;) if ((await this.write()) === 'refused') return;
		} catch {
			// The server is gone.
		}
	}

	/**
	 * Finds one version whole, and goes on from it.
	 *
	 * @returns its seq.
	 */
	async find(): Promise<number> {
		const { person } = this;
		const { manifest, sheets } = await person.getVault();
		if (manifest.seq === 1) {
			expect(sheets).toEqual([]);
			person.seq = this.acknowledged = 1;
			person.head = this.#first;
			return 1;
		}
		const version = this.#sent.get(manifest.seq);
		if (version === undefined) throw new Error(`nobody wrote version ${manifest.seq}`);
		expect(manifest.blob).toEqual(version.manifest);
		expect(sheets).toEqual([{ id: this.#sheet, revision: version.seq, blob: version.sheet }]);
		const { secrets } = await secretsOf(await person.readSecrets([this.#secret]));
		expect(secrets).toEqual([{ item: this.#secret, revision: version.seq, blob: version.secret }]);
		this.#goOn(version);
		return version.seq;
	}

	/** The same, and it is the last that was acknowledged, or one more that nobody was told of. */
	async expectNothingLost(): Promise<'acknowledged' | 'one more'> {
		const { acknowledged } = this;
		const found = await this.find();
		expect([acknowledged, acknowledged + 1]).toContain(found);
		return found === acknowledged ? 'acknowledged' : 'one more';
	}

	#goOn(version: Version): void {
		this.acknowledged = version.seq;
		this.person.moveTo(version.seq, version.head, version.manifest);
	}
}
