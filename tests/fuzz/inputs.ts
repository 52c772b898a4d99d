/** What a hostile side may send: bytes, texts and structures, from nonsense to nearly right. */
import fc from 'fast-check';
import type { Bytes } from '#lib/encoding/bytes.ts';

/** Members of everything that is sealed or sent. */
const NAMES = [
	...['v', 'id', 'item', 'items', 'revision', 'secretHash', 'overview', 'name', 'fields', 'value'],
	...['tags', 'envVars', 'note', 'createdAt', 'changedAt', 'status', 'url', 'expiresOn', 'hidden'],
	...['email', 'account', 'slots', 'vaults', 'manifest', 'blob', 'seq', 'chain', 'generation'],
	...['purpose', 'token', 'signature', 'kind', 'salt', 'profile', 'wrap', 'theme', 'previous'],
	...['madeAt', 'keys', 'secret', '__proto__', 'constructor', 'toString', 'toJSON', '']
];

const PLAUSIBLE = fc.oneof(
	fc.constantFrom('active', 'archived', 'key', 'copy', 'stored', 'conflict', '2026-02-30'),
	fc.constantFrom('AAAAAAAAAAAAAAAAAAAAAA', 'A'.repeat(43), 'A'.repeat(156), '\u0000', '\u202e'),
	fc.constantFrom(0, 1, -1, 1.5, 2 ** 53, 1e308, -0),
	fc.constantFrom(null, true, false)
);

export const anyBytes: fc.Arbitrary<Bytes> = fc
	.uint8Array({ maxLength: 600 })
	.map((bytes) => new Uint8Array(bytes));

/** Any sixteen bits one after another: lone surrogates too. */
const anyUnits = fc
	.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 80 })
	.map((units) => String.fromCharCode(...units));

export const anyText = fc.oneof(
	fc.string({ maxLength: 200 }),
	fc.string({ unit: 'binary', maxLength: 100 }),
	anyUnits,
	fc.constantFrom('\ufeff', '=', '-----', 'KH1-', 'https://', '2001:db8::', '127.0.0.1', '{"v":1}')
);

const { anything } = fc.letrec<{ anything: unknown }>((tie) => ({
	anything: fc.oneof(
		{ depthSize: 'small', maxDepth: 4 },
		PLAUSIBLE,
		anyText,
		fc.array(tie('anything'), { maxLength: 4 }),
		fc
			.array(fc.tuple(fc.constantFrom(...NAMES), tie('anything')), { maxLength: 8 })
			.map((entries) => own(entries))
	)
}));

/** As JSON.parse makes it: `__proto__` is a member like any other. */
function own(entries: readonly (readonly [string, unknown])[]): unknown {
	const object = {};
	for (const [name, value] of entries) {
		Object.defineProperty(object, name, {
			...{ value, enumerable: true, writable: true, configurable: true }
		});
	}
	return object;
}

/** What a parser of JSON may be handed. */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(anything, fc.jsonValue({ maxDepth: 4 }));

/** JSON as bytes, sometimes with a few of them changed. */
export const anyJsonBytes: fc.Arbitrary<Bytes> = fc
	.tuple(anyJson, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 2 }))
	.map(([json, changes]) => {
		const bytes = new TextEncoder().encode(JSON.stringify(json));
		for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
		return bytes;
	});

/** `genuine` with a few bytes changed, or cut, or longer. */
export function nearly(genuine: Bytes): fc.Arbitrary<Bytes> {
	const changes = fc.array(fc.tuple(fc.nat(genuine.length - 1), fc.integer({ min: 1, max: 255 })), {
		minLength: 1,
		maxLength: 3
	});
	const changed = changes.map((list) => {
		const bytes = genuine.slice();
		for (const [at, bits] of list) bytes[at] = (bytes[at] ?? 0) ^ bits;
		return bytes;
	});
	const cut = fc.nat(genuine.length - 1).map((end) => genuine.slice(0, end));
	const longer = fc
		.uint8Array({ minLength: 1, maxLength: 40 })
		.map((more) => new Uint8Array([...genuine, ...more]));
	return fc.oneof(changed, cut, longer);
}
