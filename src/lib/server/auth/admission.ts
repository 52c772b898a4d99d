/**
 * What a good signature needs beside it: the second factor, and the mailed link of a recovery. What is
 * missing is told to whoever signed well and to nobody else. Norm: docs/protocol.md, 9.
 */
import { sql, type SQL } from 'drizzle-orm';
import { PROOF_PURPOSE, type Purpose } from '#lib/api/auth.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { AuditRow } from '#lib/server/audit.ts';
import { secondFactorIs, secondFactorOf, tryCode } from '#lib/server/auth/codes.ts';
import type { Session } from '#lib/server/auth/sessions.ts';
import type { ChallengeTicket } from '#lib/server/auth/token.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { deviceOf } from '#lib/server/device.ts';
import { ServerError } from '#lib/server/errors.ts';
import type { Counted, Tried } from '#lib/server/limits.ts';
import { requireRecoveryLink } from '#lib/server/recoveries.ts';
import type { Server } from '#lib/server/server.ts';
import { PASSKEY, RECOVERY, type SlotRow } from '#lib/server/slots.ts';

export const { login: LOGIN, unlock: UNLOCK } = PROOF_PURPOSE;

/** Who proves, besides the proof. */
export interface Prover {
	/** Every purpose but login needs one. */
	readonly session: Session | undefined;
	readonly network: string;
	/** Of the request. */
	readonly headers: Headers;
	/** What asks, when it signs in. */
	readonly client?: 'web' | 'cli';
	/** The second factor, where the purpose asks for one. */
	readonly code?: string | undefined;
	/** Token of a mailed link, where the slot asks for one. */
	readonly link?: Bytes | undefined;
}

/** A signature that was found good. */
export interface Signed {
	readonly ticket: ChallengeTicket;
	readonly purpose: Purpose;
	readonly slot: SlotRow;
	readonly signCount: number | undefined;
	readonly tried: Tried;
	/** What is given back, because it was good; what else is reserved is added. */
	readonly counted: Counted[];
}

/** What must hold beside a good signature. */
export type Admission =
	| {
			readonly outcome: 'admitted';
			readonly condition: SQL;
			readonly statements: readonly Statement[];
			/** What is wrong if something was used by another at the same moment. */
			readonly overtaken: Refusal | undefined;
	  }
	| Refusal;

export interface Refusal {
	readonly outcome: 'refused';
	readonly problem: ServerError;
	readonly rows: readonly AuditRow[];
}

/** What signing in and unlocking need. A problem is the answer only to whoever signed well. */
export async function admit(server: Server, signed: Signed, prover: Prover): Promise<Admission> {
	try {
		const link = await admitByLink(server, signed, prover);
		const code = await admitByCode(server, signed, prover);
		if (code.outcome === 'refused') return code;
		const statements = [...link, ...code.statements];
		const used = link.length > 0 ? refusalBy('link', 'used before') : undefined;
		return { ...code, statements, overtaken: code.overtaken ?? used };
	} catch (error) {
		if (!(error instanceof ServerError)) throw error;
		if (error.code !== 'limited' && error.code !== 'link') throw error;
		return {
			outcome: 'refused',
			problem: error,
			rows: [{ event: 'proof.refused', detail: error.code }]
		};
	}
}

async function admitByLink(
	server: Server,
	{ purpose, slot: { kind, account } }: Signed,
	{ link }: Prover
): Promise<readonly Statement[]> {
	if (purpose !== LOGIN || kind !== RECOVERY) return [];
	return await requireRecoveryLink(server, account, link);
}

/** The second factor, unless a passkey proved, which is both. */
async function admitByCode(
	server: Server,
	{ purpose, slot: { kind, account }, counted }: Signed,
	{ code, headers }: Prover
): Promise<Admission> {
	const admitted = { outcome: 'admitted', statements: [], overtaken: undefined } as const;
	const needed = kind !== PASSKEY && (purpose === LOGIN || purpose === UNLOCK);
	if (!needed) return { ...admitted, condition: sql`true` };
	const factor = await secondFactorOf(server, account);
	const condition = secondFactorIs(factor !== undefined, account);
	if (factor === undefined) return { ...admitted, condition };
	if (code === undefined) return refusalBy('second-factor', 'missing');
	const tried = await tryCode(server, factor, code, deviceOf(headers));
	if (tried.outcome === 'wrong') return refusalBy('second-factor', 'wrong', tried.limited);
	counted.push(...tried.counted);
	const overtaken = refusalBy('second-factor', 'used before');
	return { outcome: 'admitted', condition, statements: tried.statements, overtaken };
}

function refusalBy(
	code: 'second-factor' | 'link',
	detail: string,
	limited: readonly AuditRow[] = []
): Refusal {
	const event = code === 'link' ? 'proof.refused' : 'second-factor.failed';
	const rows = [{ event, detail } as const, ...limited];
	return { outcome: 'refused', problem: new ServerError(code, detail), rows };
}
