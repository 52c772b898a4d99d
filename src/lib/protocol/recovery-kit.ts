/**
 * The recovery kit: 20 random bytes as a person writes them down, `KH1-` and nine groups of four,
 * the last of which are check symbols: a slip of the pen is found on the device, before anything
 * is asked of a server. Norm: docs/protocol.md, 3.
 */
import { sha256 } from '#lib/crypto/hash.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import * as crockford from '#lib/encoding/crockford.ts';
import { label } from '#lib/encoding/label.ts';
import { ProtocolError } from '#lib/protocol/errors.ts';

const RECOVERY_BYTES = 20;

const PREFIX = 'KH1';
const SYMBOLS = 32;
const CHECK_SYMBOLS = 4;

type KitAnswer =
	{ readonly r20: Bytes } | { readonly fault: 'prefix' | 'length' | 'character' | 'check' };

/** The text of a kit, ten groups joined by `-`. */
export async function writeKit(r20: Bytes): Promise<string> {
	if (r20.length !== RECOVERY_BYTES) throw new ProtocolError('format', 'a kit has 20 bytes');
	const symbols = crockford.encode(r20) + (await checkSymbols(r20));
	return PREFIX + symbols.replace(/.{4}/g, '-$&');
}

/** Reads what was typed or pasted: any case, spaces and dashes anywhere. */
export async function readKit(typed: string): Promise<KitAnswer> {
	const text = typed.replace(/[\s-]/g, '').replace(/[a-z]/g, (letter) => letter.toUpperCase());
	if (!text.startsWith(PREFIX)) return { fault: 'prefix' };
	const symbols = crockford.canonical(text.slice(PREFIX.length));
	if (symbols === undefined) return { fault: 'character' };
	if (symbols.length !== SYMBOLS + CHECK_SYMBOLS) return { fault: 'length' };
	const r20 = crockford.decode(symbols.slice(0, SYMBOLS));
	return symbols.slice(SYMBOLS) === (await checkSymbols(r20)) ? { r20 } : { fault: 'check' };
}

async function checkSymbols(r20: Bytes): Promise<string> {
	return crockford.encode20(await sha256(label('recovery/check'), new Uint8Array(1), r20));
}
