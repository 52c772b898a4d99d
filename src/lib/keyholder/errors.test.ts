import { describe, expect, test } from 'vitest';
import { ApiError, type ApiErrorCode } from '#lib/api/client.ts';
import { CryptoError } from '#lib/crypto/errors.ts';
import { EncodingError } from '#lib/encoding/bytes.ts';
import { ItemError, type ItemErrorCode } from '#lib/items/key.ts';
import {
	isFinal,
	isProblem,
	isUnanswered,
	KeyholderError,
	keyholderError,
	SecretError,
	type KeyholderErrorCode
} from '#lib/keyholder/errors.ts';
import { ProtocolError } from '#lib/protocol/errors.ts';
import { refusal } from '../../../tests/refusals.ts';

describe('isFinal', () => {
	const final: KeyholderErrorCode[] = [
		...(['kdf-refused', 'format', 'unsupported', 'integrity'] as const),
		...(['rollback', 'fork', 'pins-lost', 'clock'] as const)
	];

	test.each(final)('is what only a dishonest server causes: %s', (code) => {
		expect(isFinal(new KeyholderError(code, 'words'))).toBe(true);
	});

	test.each(final)('is not what lies in one secret alone: %s', (code) => {
		expect(isFinal(new SecretError(code, 'words'))).toBe(false);
	});

	test.each(['auth', 'offline', 'locked', 'invalid', 'gone', 'too-large'] as const)(
		'is not what an honest server or a person causes: %s',
		(code) => {
			expect(isFinal(new KeyholderError(code, 'words'))).toBe(false);
		}
	);
});

describe('keyholderError', () => {
	test.each<ApiErrorCode>([
		...(['offline', 'format', 'auth', 'proof', 'second-factor', 'link', 'taken'] as const),
		...(['setup-code', 'limited', 'busy', 'failed', 'too-large', 'quota'] as const)
	])('keeps what a server answered that a person can be told: %s', (code) => {
		const error = keyholderError(new ApiError(code));
		expect(error).toMatchObject({ ...refusal(code), detail: {} });
		expect(error).toBeInstanceOf(KeyholderError);
		expect(error).toHaveProperty('message', expect.stringContaining(code));
	});

	test.each<ApiErrorCode>(['malformed', 'media-type', 'origin', 'not-found', 'method', 'closed'])(
		'calls what no person can help a failure: %s',
		(code) => {
			expect(keyholderError(new ApiError(code))).toMatchObject(refusal('failed'));
		}
	);

	test('keeps the seconds and the number that a server gave', () => {
		const { detail } = keyholderError(new ApiError('busy', 7, 'abc')) as KeyholderError;
		expect(detail).toStrictEqual({ retryAfterSeconds: 7, number: 'abc' });
		expect((keyholderError(new ApiError('busy')) as KeyholderError).detail).toStrictEqual({});
	});

	test('keeps code and words of the layers below', () => {
		for (const error of [
			new CryptoError('integrity', 'does not open'),
			new ProtocolError('fork', 'another history')
		]) {
			const found = keyholderError(error);
			expect(found).toBeInstanceOf(KeyholderError);
			expect(found).toMatchObject({ code: error.code, message: error.message });
		}
	});

	test('calls what is misencoded malformed', () => {
		const found = keyholderError(new EncodingError('no base64url'));
		expect(found).toMatchObject({ code: 'format', message: 'no base64url' });
	});

	test.each<[ItemErrorCode, KeyholderErrorCode]>([
		['format', 'format'],
		['unsupported', 'unsupported'],
		['empty', 'invalid'],
		['entry-too-large', 'too-large'],
		['secret-too-large', 'too-large'],
		['too-many', 'too-large']
	])('calls an item that is %s %s', (code, wanted) => {
		const found = keyholderError(new ItemError(code, 'words for the log'));
		expect(found).toBeInstanceOf(KeyholderError);
		expect(found).toMatchObject({ code: wanted, message: 'words for the log', detail: {} });
	});

	test('says by how much an item is too large', () => {
		const found = keyholderError(new ItemError('too-many', 'words', { is: 3, limit: 2 }));
		expect((found as KeyholderError).detail).toStrictEqual({ size: 3, limit: 2 });
		const none = keyholderError(new ItemError('too-many', 'words'));
		expect((none as KeyholderError).detail).toStrictEqual({});
	});

	test('leaves alone what is one already, and what is none', () => {
		for (const error of [new KeyholderError('gone', 'words'), new TypeError('a fault'), 'text']) {
			expect(keyholderError(error)).toBe(error);
		}
	});
});

describe('isUnanswered', () => {
	test('is what leaves open whether a write arrived, and nothing else', () => {
		const codes: ApiErrorCode[] = ['offline', 'failed', 'busy', 'auth', 'limited'];
		expect(codes.filter((code) => isUnanswered(new ApiError(code)))).toEqual(['offline', 'failed']);
		expect(isUnanswered(new KeyholderError('offline', 'words'))).toBe(false);
	});
});

describe('isProblem', () => {
	test('is an answer with exactly that code', () => {
		expect(isProblem(new ApiError('auth'), 'auth')).toBe(true);
		expect(isProblem(new ApiError('auth'), 'proof')).toBe(false);
		expect(isProblem(new KeyholderError('auth', 'words'), 'auth')).toBe(false);
	});
});
