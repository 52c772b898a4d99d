/**
 * The suite byte in front of everything sealed: Argon2id 1.3, HKDF-SHA-256, AES-256-GCM, SHA-256,
 * Ed25519. There is one, and no negotiation. Norm: docs/protocol.md, 1.
 */
import { CryptoError } from '#lib/crypto/errors.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';

export const SUITE = 0x01;

/**
 * Refuses what cannot be opened before any key is touched: length first, then suite.
 *
 * @throws {CryptoError} `format`, `unsupported`
 */
export function checkFrame(bytes: Bytes, minBytes: number): void {
	if (bytes.length < minBytes) throw new CryptoError('format', 'sealed bytes are too short');
	if (bytes[0] !== SUITE) throw new CryptoError('unsupported', 'suite of another version');
}
