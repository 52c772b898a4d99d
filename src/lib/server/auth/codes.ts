/**
 * A typed code, held against the second factor of an account. A good one is used up by the write of
 * what it allows: of two at the same moment one is refused whole. Norm: docs/protocol.md, 9.
 */
import { and, count, eq, sql, type SQL } from 'drizzle-orm';
import { Writer } from '#lib/encoding/binary.ts';
import { utf8, type Bytes } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import type { AuditRow } from '#lib/server/audit.ts';
import { stepOf } from '#lib/server/auth/totp.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { backupCodes, secondFactors } from '#lib/server/db/schema.ts';
import type { Counted } from '#lib/server/limits.ts';
import { notify } from '#lib/server/mail/notices.ts';
import { seedPlace } from '#lib/server/places.ts';
import type { Server } from '#lib/server/server.ts';

/** An authenticator app's; everything else that the schema takes is a backup code. */
const TOTP_CODE = /^\d{6}$/;

type SecondFactor = typeof secondFactors.$inferSelect;

/** What a typed code came to, and what the write of it holds. */
export type TriedCode =
	| {
			readonly outcome: 'good';
			readonly statements: readonly Statement[];
			/** Reserved: to be given back by that write, or owed. */
			readonly counted: readonly Counted[];
	  }
	| { readonly outcome: 'wrong'; readonly limited: readonly AuditRow[] };

/** The second factor of an account, if it is on. */
export async function secondFactorOf(
	{ database }: Server,
	account: Id
): Promise<SecondFactor | undefined> {
	const [row] = await database.orm
		.select()
		.from(secondFactors)
		.where(and(eq(secondFactors.account, account), secondFactors.on));
	return row;
}

/** That it is on, or off, for a write to depend on. */
export function secondFactorIs(on: boolean, account: Id): SQL {
	const row = sql`select 1 from ${secondFactors} where ${secondFactors.account} = ${account} and ${secondFactors.on}`;
	return on ? sql`exists (${row})` : sql`not exists (${row})`;
}

/**
 * Tries a code. It counts as wrong until what it allows was written.
 *
 * @throws {ServerError} `limited` if too many were wrong before; this one is not looked at.
 */
export async function tryCode(
	server: Server,
	factor: SecondFactor,
	typed: string,
	device: string
): Promise<TriedCode> {
	const counted: readonly Counted[] = [{ limit: 'codesAccount', whom: [factor.account] }];
	const usedUp = await server.limits.reserve(counted);
	const use = TOTP_CODE.test(typed)
		? useOfStep(server, factor, typed)
		: await useOfBackupCode(server, factor.account, typed, device);
	if (use !== undefined) return { outcome: 'good', statements: use, counted };
	for (const limit of usedUp)
		server.log.write('warn', 'a limit of wrong codes is used up', { limit });
	const limited = usedUp.map((limit) => ({ event: 'proof.limited' as const, detail: limit }));
	return { outcome: 'wrong', limited };
}

/** What finds a backup code: whoever reads the database reads none. */
export function backupCodeIndex({ keys }: Server, account: Id, code: string): Bytes {
	return keys.index('backup-code', new Writer().id(account).bytes(utf8(code)).done());
}

function useOfStep(
	{ database: { orm }, wrapper, now }: Server,
	{ account, seed, usedStep }: SecondFactor,
	typed: string
): Statement[] | undefined {
	const opened = wrapper.unwrap(seedPlace(account), seed);
	const step = stepOf(opened, typed, { nowMs: now(), usedStep });
	if (step === undefined) return undefined;
	const rising = sql`case when ${secondFactors.usedStep} < ${step} then ${step} end`;
	return [
		orm.update(secondFactors).set({ usedStep: rising }).where(eq(secondFactors.account, account))
	];
}

async function useOfBackupCode(
	server: Server,
	account: Id,
	typed: string,
	device: string
): Promise<Statement[] | undefined> {
	const { orm } = server.database;
	const codeIndex = backupCodeIndex(server, account, typed);
	const ofAccount = eq(backupCodes.account, account);
	const one = and(ofAccount, eq(backupCodes.codeIndex, codeIndex));
	const [found] = await orm.select().from(backupCodes).where(one);
	if (found === undefined) return undefined;
	const [rest] = await orm.select({ codes: count() }).from(backupCodes).where(ofAccount);
	const there = sql`exists (select 1 from ${backupCodes} where ${one})`;
	return [
		orm
			.update(secondFactors)
			.set({ usedStep: sql`case when ${there} then ${secondFactors.usedStep} end` })
			.where(eq(secondFactors.account, account)),
		orm.delete(backupCodes).where(one),
		...(await notify(server, account, 'backup-code-used', {
			device,
			left: (rest?.codes ?? 1) - 1
		}))
	];
}
