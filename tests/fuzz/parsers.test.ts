/**
 * Every parser, of both sides, with whatever may come: it answers, or it refuses in the words of
 * its own layer. Nothing else is thrown, nothing is thrown away in silence, no prototype changes.
 */
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Proof } from '#lib/api/auth.ts';
import { Problem } from '#lib/api/problems.ts';
import { routes, type Route } from '#lib/api/routes.ts';
import { z } from '#lib/api/zod.ts';
import { AgeError, decryptBackup } from '#lib/backup/age.ts';
import { readContent } from '#lib/backup/content.ts';
import { ContentError } from '#lib/backup/errors.ts';
import { CryptoError } from '#lib/crypto/errors.ts';
import { padme, pagesOf, unpad } from '#lib/crypto/padding.ts';
import { randomBytes } from '#lib/crypto/random.ts';
import { open, seal, sealingKey } from '#lib/crypto/seal.ts';
import { unwrap, wrap } from '#lib/crypto/wrap.ts';
import { decode as fromBase64url, encode as toBase64url } from '#lib/encoding/base64url.ts';
import { EncodingError, fromUtf8, type Bytes } from '#lib/encoding/bytes.ts';
import { canonical, decode as fromCrockford } from '#lib/encoding/crockford.ts';
import { normaliseEmail } from '#lib/encoding/email.ts';
import { isDay } from '#lib/items/expiry.ts';
import { hintOf } from '#lib/items/hint.ts';
import { jwtExpiry } from '#lib/items/jwt.ts';
import { ItemError } from '#lib/items/key.ts';
import { hostOf, linkOf } from '#lib/items/link.ts';
import { parseOverview } from '#lib/items/overview.ts';
import { readPaste } from '#lib/items/paste.ts';
import { detect } from '#lib/items/providers.ts';
import { parseSecret } from '#lib/items/secret.ts';
import { parseSettings, readSettings } from '#lib/items/settings.ts';
import { readOverview } from '#lib/items/unreadable.ts';
import { openAccountManifest } from '#lib/protocol/account-manifest.ts';
import { context, PURPOSE } from '#lib/protocol/context.ts';
import { ProtocolError } from '#lib/protocol/errors.ts';
import { readJson } from '#lib/protocol/json.ts';
import { checkNewPassword, passwordBytes } from '#lib/protocol/password.ts';
import { readKit } from '#lib/protocol/recovery-kit.ts';
import { openSecret } from '#lib/protocol/secrets.ts';
import { openSettings } from '#lib/protocol/settings.ts';
import { openSheet } from '#lib/protocol/sheets.ts';
import { openVaultManifest } from '#lib/protocol/vault-manifest.ts';
import { parseJson } from '#lib/server/body.ts';
import { deviceOf } from '#lib/server/device.ts';
import { ServerError } from '#lib/server/errors.ts';
import { networkOf, siteOf } from '#lib/server/network.ts';
import { idIn, seqsIn } from '#lib/server/params.ts';
import { fernetDecrypt, fernetEncrypt } from '#lib/server/wrap/fernet.ts';
import { count, record } from '../figures.ts';
import { anyBytes, anyJson, anyJsonBytes, anyText, nearly } from './inputs.ts';

const RUNS = count(100, 20_000);
vi.setConfig({ testTimeout: count(120_000, 1_200_000) });

type ErrorClass = new (...args: never[]) => Error;
type Parser<Input> = [name: string, parse: (input: Input) => unknown, refuses: ErrorClass[]];

afterEach(() => {
	expect(Object.keys(Object.prototype)).toEqual([]);
	expect(Object.hasOwn(Object.prototype, 'v')).toBe(false);
});

/** Runs a parser on many inputs. */
async function fuzz<Input>(
	[name, parse, refuses]: Parser<Input>,
	inputs: fc.Arbitrary<Input>
): Promise<void> {
	const property = fc.asyncProperty(inputs, async (input) => {
		try {
			await parse(input);
		} catch (error) {
			if (!refuses.some((kind) => error instanceof kind)) throw error;
		}
	});
	await fc.assert(property, { numRuns: RUNS });
	record(`fuzzing: ${name}`, RUNS, 'answered, or refused in its own words');
}

const TEXTS: Parser<string>[] = [
	['base64url', fromBase64url, [EncodingError]],
	['Crockford base32', fromCrockford, [EncodingError]],
	['a kit as typed', canonical, []],
	['a recovery kit', readKit, []],
	['an email', normaliseEmail, [EncodingError]],
	['a password', passwordBytes, [ProtocolError]],
	['a new password', checkNewPassword, []],
	['a paste', readPaste, []],
	['a JSON web token', jwtExpiry, []],
	['a hint', hintOf, []],
	['a provider', (text) => detect(text, text), []],
	['a link', (text) => [linkOf(text), hostOf(text)], []],
	['a day', isDay, []],
	['an address', (text) => siteOf(networkOf(text)), []],
	['an id in an address', idIn, [ServerError]],
	[
		'a query',
		(text) => seqsIn(new URL(`https://x.example/?${encodeURI(wellFormed(text))}`), ['after']),
		[ServerError]
	],
	[
		'the name of a browser',
		(text) => deviceOf(new Headers({ 'user-agent': text.replace(/[^ -~]/g, '') })),
		[]
	]
];

const BYTES: Parser<Bytes>[] = [
	['UTF-8', fromUtf8, [EncodingError]],
	['padding', (bytes) => unpad(bytes, padme), [CryptoError]],
	['padding to pages', (bytes) => unpad(bytes, pagesOf(64)), [CryptoError]],
	['JSON of a record', readJson, [ProtocolError]],
	['JSON of a request', parseJson, [ServerError]],
	['a backup', readContent, [ContentError]],
	['an age file', (bytes) => decryptBackup(bytes, 'passphrase'), [AgeError]]
];

const STRUCTURES: Parser<unknown>[] = [
	['a secret', parseSecret, [ItemError]],
	['an overview', parseOverview, [ItemError]],
	['an overview of any version', readOverview, [ItemError]],
	['settings', parseSettings, [ItemError]],
	['settings of any version', readSettings, [ItemError]]
];

describe('texts', () => {
	test.each(TEXTS)('%s', async (...parser) => {
		await fuzz(parser, anyText);
	});
});

describe('bytes', () => {
	test.each(BYTES)('%s', async (...parser) => {
		await fuzz(parser, fc.oneof(anyBytes, anyJsonBytes));
	});
});

describe('structures', () => {
	test.each(STRUCTURES)('%s', async (...parser) => {
		await fuzz(parser, anyJson);
	});
});

describe('messages of the interface', () => {
	const schemas: [string, z.ZodMiniType][] = Object.entries<Route>(routes).flatMap(
		([name, { request, reply }]) => [
			[`the request of ${name}`, request] as [string, z.ZodMiniType],
			[`the reply of ${name}`, reply] as [string, z.ZodMiniType]
		]
	);

	test.each([...schemas, ['a problem', Problem], ['a proof', Proof]] as [string, z.ZodMiniType][])(
		'%s',
		async (name, schema) => {
			const parse = (json: unknown) => {
				const read = z.safeDecode(schema, json);
				if (!read.success || json === undefined) return;
				// What is taken is what was sent, and nothing was left out.
				expect(z.encode(schema, read.data)).toEqual(json);
			};
			await fuzz([name, parse, []], anyJson);
		}
	);
});

describe('what an owner of the key has sealed', () => {
	const account = 'AAAAAAAAAAAAAAAAAAAAAA';
	const vault = 'AQEBAQEBAQEBAQEBAQEBAQ';
	const key = new Uint8Array(32).fill(7);
	const refuses = [ProtocolError, CryptoError];

	/** Bytes under a good wrap: only what is in them can be wrong. */
	const wrapped = (purpose: 2 | 4 | 7, plain: Bytes) =>
		wrap(
			key,
			purpose === PURPOSE.vaultManifest
				? context({ purpose, generation: 1, account, scope: vault, revision: 1 })
				: context({ purpose, generation: 1, account, revision: 1 }),
			plain,
			randomBytes
		);

	test('as an account manifest', async () => {
		const parse = async (plain: Bytes) =>
			await openAccountManifest(
				key,
				{ account, generation: 1, seq: 1 },
				await wrapped(PURPOSE.accountManifest, plain)
			);
		await fuzz(['an account manifest', parse, refuses], manifestBytes('KHAM'));
	});

	test('as a vault manifest', async () => {
		const parse = async (plain: Bytes) =>
			await openVaultManifest(
				key,
				account,
				{ vault, generation: 1, seq: 1 },
				await wrapped(PURPOSE.vaultManifest, plain)
			);
		await fuzz(['a vault manifest', parse, refuses], manifestBytes('KHVM'));
	});

	test('as settings', async () => {
		const parse = async (json: Bytes) =>
			await openSettings(
				key,
				{ account, generation: 1, seq: 1 },
				await wrapped(PURPOSE.settings, padded(json, 1_024))
			);
		await fuzz(['sealed settings', parse, refuses], anyJsonBytes);
	});

	test('as a secret, or as a sheet', async () => {
		const sealing = await sealingKey(key.slice());
		const item = 'AgICAgICAgICAgICAgICAg';
		const at = { generation: 1, account, scope: vault, object: item, revision: 2 };
		const parse = async (json: Bytes) => {
			const secret = context({ purpose: PURPOSE.secret, ...at });
			const place = { account, vault, generation: 1, revision: 2 };
			const sealed = await seal(sealing, secret, padded(json, 256), randomBytes);
			await openSecret(sealing, { ...place, item }, sealed).catch(refused);
			const sheet = context({ purpose: PURPOSE.sheet, ...at });
			const sealedSheet = await seal(sealing, sheet, padded(json, 4_096), randomBytes);
			await openSheet(sealing, { ...place, sheet: item }, sealedSheet).catch(refused);
		};
		const refused = (error: unknown) => {
			if (!refuses.some((kind) => error instanceof kind)) throw error;
		};
		await fuzz(['sealed secrets and sheets', parse, []], anyJsonBytes);
	});

	/** Bytes that begin as a manifest does. */
	function manifestBytes(magic: string): fc.Arbitrary<Bytes> {
		const start = new Uint8Array([...new TextEncoder().encode(magic), 1]);
		return fc.oneof(
			anyBytes,
			anyBytes.map((rest) => new Uint8Array([...start, ...rest]))
		);
	}

	/** The length, the bytes, and zeros up to a multiple of `size`. */
	function padded(bytes: Bytes, size: number): Bytes {
		const whole = new Uint8Array(Math.ceil((bytes.length + 4) / size) * size);
		new DataView(whole.buffer).setUint32(0, bytes.length);
		whole.set(bytes, 4);
		return whole;
	}
});

describe('sealed bytes that were changed', () => {
	const where = new Uint8Array(66).fill(3);
	const plain = new TextEncoder().encode('nobody may change this');

	async function expectNothingOpens(
		name: string,
		genuine: Bytes,
		opens: (bytes: Bytes) => Promise<unknown>
	): Promise<void> {
		const property = fc.asyncProperty(fc.oneof(nearly(genuine), anyBytes), async (bytes) => {
			fc.pre(Buffer.compare(bytes, genuine) !== 0);
			expect(await opens(bytes)).toBe('refused');
		});
		await fc.assert(property, { numRuns: RUNS });
		record(`fuzzing: ${name}, changed`, RUNS, 'none opens');
	}

	const refusing = async (work: Promise<unknown>) => {
		try {
			await work;
			return 'opened';
		} catch (error) {
			if (error instanceof CryptoError) return 'refused';
			throw error;
		}
	};

	test('do not open: a wrap', async () => {
		const key = randomBytes(32);
		const genuine = await wrap(key, where, plain, randomBytes);
		await expectNothingOpens('a wrap', genuine, (bytes) => refusing(unwrap(key, where, bytes)));
	});

	test('do not open: a seal', async () => {
		const key = await sealingKey(randomBytes(32));
		const genuine = await seal(key, where, plain, randomBytes);
		await expectNothingOpens('a seal', genuine, (bytes) => refusing(open(key, where, bytes)));
	});

	test('do not open: a Fernet token', async () => {
		const key = randomBytes(32);
		const genuine = fernetEncrypt(key, plain, 1_700_000_000, randomBytes(16));
		await expectNothingOpens('a Fernet token', genuine, (bytes) =>
			Promise.resolve(fernetDecrypt(key, bytes) === undefined ? 'refused' : 'opened')
		);
	});
});

test('base64url has one text for each bytes, whatever the text', () => {
	fc.assert(
		fc.property(anyText, (text) => {
			try {
				expect(toBase64url(fromBase64url(text))).toBe(text);
			} catch (error) {
				if (!(error instanceof EncodingError)) throw error;
			}
		}),
		{ numRuns: RUNS }
	);
});

function wellFormed(text: string): string {
	return text.replace(/[\ud800-\udfff]/g, '');
}
