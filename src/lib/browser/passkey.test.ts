import { describe, expect, test } from 'vitest';
import { FaultError } from '#lib/browser/fault.ts';
import { PasskeyDoor, type PasskeyPorts } from '#lib/browser/passkey.ts';

const bytes = (value: number, length = 32) => new Uint8Array(length).fill(value);
const REQUEST = { challenge: bytes(1), prfInput: bytes(2), allowed: [bytes(3)] };
const OFFER = {
	challenge: bytes(1),
	prfInput: bytes(2),
	userHandle: bytes(4, 16),
	userName: 'ada@example.org',
	excluded: [bytes(5)]
};

type Results = { prf?: { enabled?: boolean; results?: { first: ArrayBuffer | Uint8Array } } };

/** A browser that answers with what it is told, and remembers what it was asked. */
class Browser implements PasskeyPorts {
	readonly host = 'vault.example.org';
	readonly asked: { what: string; options: unknown }[] = [];
	readonly forgotten: string[] = [];
	created: Results | Error = { prf: { enabled: true, results: { first: bytes(9).buffer } } };
	touched: Results | Error = { prf: { results: { first: bytes(8) } } };

	readonly credentials = {
		create: (options?: CredentialCreationOptions) => {
			this.asked.push({ what: 'create', options: options?.publicKey });
			return this.#answer(this.created, {
				clientDataJSON: bytes(10).buffer,
				attestationObject: bytes(11).buffer
			});
		},
		get: (options?: CredentialRequestOptions) => {
			this.asked.push({ what: 'get', options: options?.publicKey });
			return this.#answer(this.touched, {
				clientDataJSON: bytes(12).buffer,
				authenticatorData: bytes(13).buffer,
				signature: bytes(14).buffer,
				userHandle: bytes(4, 16).buffer
			});
		}
	};
	readonly signalUnknown = ({ credentialId }: { credentialId: string }) => {
		this.forgotten.push(credentialId);
		return Promise.resolve();
	};
	random = (length: number) => bytes(7, length);

	#answer(results: Results | Error, response: object): Promise<Credential | null> {
		if (results instanceof Error) return Promise.reject(results);
		const credential = {
			id: 'id',
			type: 'public-key',
			rawId: bytes(6).buffer,
			response,
			getClientExtensionResults: () => results
		};
		return Promise.resolve(credential);
	}
}

function named(name: string): Error {
	return Object.assign(new Error('no'), { name });
}

async function faultOf(work: Promise<unknown>): Promise<string> {
	try {
		await work;
	} catch (error) {
		if (error instanceof FaultError) return error.fault.code;
		throw error;
	}
	return 'none';
}

describe('touch', () => {
	test('asks for a verified person and for the PRF, of the page’s own host', async () => {
		const browser = new Browser();
		const touched = await new PasskeyDoor(browser).touch(REQUEST);
		expect(touched).toEqual({
			outcome: 'touched',
			answer: {
				credential: bytes(6),
				clientData: bytes(12),
				authenticatorData: bytes(13),
				signature: bytes(14),
				userHandle: bytes(4, 16),
				prf: bytes(8)
			}
		});
		expect(browser.asked).toMatchObject([
			{
				what: 'get',
				options: {
					challenge: bytes(1),
					rpId: 'vault.example.org',
					userVerification: 'required',
					allowCredentials: [{ type: 'public-key', id: bytes(3) }],
					extensions: { prf: { eval: { first: bytes(2) } } }
				}
			}
		]);
	});

	test.each(['NotAllowedError', 'AbortError'])(
		'takes %s for a person who gave up',
		async (name) => {
			const browser = new Browser();
			browser.touched = named(name);
			expect(await new PasskeyDoor(browser).touch(REQUEST)).toEqual({ outcome: 'cancelled' });
		}
	);

	test('refuses an authenticator that has no PRF', async () => {
		const browser = new Browser();
		browser.touched = {};
		expect(await faultOf(new PasskeyDoor(browser).touch(REQUEST))).toBe('no-prf');
	});

	test('says when the browser knows no passkeys, or not at this address', async () => {
		const browser = new Browser();
		browser.touched = named('SecurityError');
		expect(await faultOf(new PasskeyDoor(browser).touch(REQUEST))).toBe('no-passkey');
		const without: PasskeyPorts = {
			host: 'a',
			credentials: undefined,
			signalUnknown: undefined,
			random: bytes.bind(undefined, 1)
		};
		expect(await faultOf(new PasskeyDoor(without).touch(REQUEST))).toBe('no-passkey');
	});
});

describe('make', () => {
	test('asks for a passkey that is found without an email, and for no attestation', async () => {
		const browser = new Browser();
		const made = await new PasskeyDoor(browser).make(OFFER);
		expect(made).toEqual({
			outcome: 'made',
			passkey: {
				credential: bytes(6),
				clientData: bytes(10),
				attestationObject: bytes(11),
				prf: bytes(9)
			}
		});
		expect(browser.asked).toMatchObject([
			{
				what: 'create',
				options: {
					rp: { id: 'vault.example.org' },
					user: { id: bytes(4, 16), name: 'ada@example.org' },
					excludeCredentials: [{ id: bytes(5) }],
					authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
					attestation: 'none',
					extensions: { prf: { eval: { first: bytes(2) } } }
				}
			}
		]);
	});

	test('asks for a second touch where the PRF is told only then', async () => {
		const browser = new Browser();
		browser.created = { prf: { enabled: true } };
		const made = await new PasskeyDoor(browser).make(OFFER);
		expect(made).toMatchObject({ outcome: 'made', passkey: { prf: bytes(8) } });
		expect(browser.asked.map(({ what }) => what)).toEqual(['create', 'get']);
		expect(browser.asked[1]?.options).toMatchObject({ allowCredentials: [{ id: bytes(6) }] });
	});

	test.each<[string, Results]>([
		['says nothing of a PRF', {}],
		['says that it has none', { prf: { enabled: false } }]
	])('gives up a passkey whose authenticator %s', async (_what, created) => {
		const browser = new Browser();
		browser.created = created;
		expect(await faultOf(new PasskeyDoor(browser).make(OFFER))).toBe('no-prf');
		expect(browser.forgotten).toHaveLength(1);
		expect(browser.asked).toHaveLength(1);
	});

	test('gives it up when the second touch is refused, or tells no PRF', async () => {
		const browser = new Browser();
		browser.created = { prf: { enabled: true } };
		browser.touched = named('NotAllowedError');
		expect(await new PasskeyDoor(browser).make(OFFER)).toEqual({ outcome: 'cancelled' });
		browser.touched = {};
		expect(await faultOf(new PasskeyDoor(browser).make(OFFER))).toBe('no-prf');
		expect(browser.forgotten).toHaveLength(2);
	});

	test('tells apart who gave up, and an authenticator that holds one already', async () => {
		const browser = new Browser();
		browser.created = named('NotAllowedError');
		expect(await new PasskeyDoor(browser).make(OFFER)).toEqual({ outcome: 'cancelled' });
		browser.created = named('InvalidStateError');
		expect(await new PasskeyDoor(browser).make(OFFER)).toEqual({ outcome: 'there' });
		browser.created = named('NotSupportedError');
		expect(await faultOf(new PasskeyDoor(browser).make(OFFER))).toBe('no-prf');
	});
});
