/**
 * Small files of other programs, and how they are packed and sealed: Bitwarden's "Bitwarden .json
 * import/export format" and "Encrypted export", 1Password's "1PUX format". Whole ones of every
 * format, with what is read of each: tests/foreign. Values are made here.
 */
import { createCipheriv, createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';
import { argon2id } from 'hash-wasm';

function bitwardenItem(name: string, more: object) {
	const base = {
		id: '1',
		organizationId: null,
		type: 1,
		reprompt: 0,
		favorite: false,
		notes: null
	};
	return { ...base, name, folderId: 'f', ...more };
}

export const bitwarden = {
	encrypted: false,
	folders: [{ id: 'f', name: 'Work/Atlas' }],
	items: [
		bitwardenItem('Stripe', {
			login: { uris: [{ match: null, uri: 'https://a.example' }], username: 'me', password: 'p:w' },
			fields: [
				{ name: 'WEBHOOK_SECRET', value: 'whs', type: 0, linkedId: null },
				{ name: 'plan', value: 'basic', type: 0, linkedId: null },
				{ name: 'linked', value: null, type: 3, linkedId: 100 }
			]
		}),
		bitwardenItem('A note', { type: 2, secureNote: { type: 0 } })
	]
};

export const onePassword = {
	accounts: [
		{
			vaults: [
				{
					attrs: { uuid: 'v', name: 'Team', type: 'U' },
					items: [
						{
							categoryUuid: '112',
							overview: { title: 'Deploy', url: '', tags: ['ci', 'prod'] },
							details: {
								loginFields: [],
								notesPlain: 'note',
								sections: [
									{
										fields: [
											{ title: 'username', value: { string: 'bot' } },
											{ title: 'credential', value: { concealed: 'c0' } },
											{ title: 'expires', value: { date: Date.UTC(2031, 4, 6, 12) / 1_000 } }
										]
									}
								]
							}
						}
					]
				}
			]
		}
	]
};

/** `json` as Bitwarden exports it under a password, with costs that a test can wait for. */
export async function protectedExport(
	json: unknown,
	password: string,
	kind: 'pbkdf2' | 'argon2id' = 'pbkdf2'
) {
	const salt = 'c2FsdHNhbHRzYWx0c2FsdA==';
	const root =
		kind === 'pbkdf2'
			? pbkdf2Sync(password, salt, 1_000, 32, 'sha256')
			: await argon2id({
					password,
					salt: createHash('sha256').update(salt).digest(),
					memorySize: 16 * 1024,
					iterations: 2,
					parallelism: 4,
					hashLength: 32,
					outputType: 'binary'
				});
	const part = (info: string) => createHmac('sha256', root).update(`${info}\x01`).digest();
	const seal = (plain: string) => {
		const nonce = createHash('sha256').update(plain).digest().subarray(0, 16);
		const cipher = createCipheriv('aes-256-cbc', part('enc'), nonce);
		const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
		const tag = createHmac('sha256', part('mac')).update(nonce).update(sealed).digest();
		return `2.${[nonce, sealed, tag].map((bytes) => bytes.toString('base64')).join('|')}`;
	};
	return {
		encrypted: true,
		passwordProtected: true,
		salt,
		kdfType: kind === 'pbkdf2' ? 0 : 1,
		kdfIterations: kind === 'pbkdf2' ? 1_000 : 2,
		kdfMemory: 16,
		kdfParallelism: 4,
		encKeyValidation_DO_NOT_EDIT: seal('3f1c1b1e-0000-4000-8000-000000000000'),
		data: seal(JSON.stringify(json))
	};
}

/** A zip as `zip` writes it; `claimed` is the size that it says its files have. */
export function zipOf(
	files: readonly (readonly [string, string])[],
	claimed?: number
): Uint8Array<ArrayBuffer> {
	const locals: Buffer[] = [];
	const entries: Buffer[] = [];
	let at = 0;
	for (const [name, text] of files) {
		const plain = Buffer.from(text);
		const packed = deflateRawSync(plain);
		const shared = Buffer.alloc(26);
		shared.writeUInt16LE(20, 0);
		shared.writeUInt16LE(8, 4);
		shared.writeUInt32LE(crc32(plain), 10);
		shared.writeUInt32LE(packed.length, 14);
		shared.writeUInt32LE(claimed ?? plain.length, 18);
		shared.writeUInt16LE(name.length, 22);
		const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, Buffer.from(name), packed]);
		const rest = Buffer.alloc(14);
		rest.writeUInt32LE(at, 10);
		entries.push(
			Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), shared, rest, Buffer.from(name)])
		);
		locals.push(local);
		at += local.length;
	}
	const directory = Buffer.concat(entries);
	const end = Buffer.alloc(18);
	end.writeUInt16LE(files.length, 4);
	end.writeUInt16LE(files.length, 6);
	end.writeUInt32LE(directory.length, 8);
	end.writeUInt32LE(at, 12);
	return new Uint8Array(Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06'), end]));
}
