/**
 * The second factor of an account: codes of an authenticator app, each step once, and ten backup
 * codes, each once. Norm: docs/protocol.md, 9.
 *
 * Turning it on or off ends all other sessions: they began by what was enough before.
 */
import { randomBytes } from 'node:crypto';
import { and, count, eq, sql } from 'drizzle-orm';
import {
	BACKUP_CODES,
	type SecondFactorChange,
	type SecondFactorOff,
	type SecondFactorOn,
	type SecondFactorSeed,
	type SecondFactorState
} from '#lib/api/second-factor.ts';
import { encode } from '#lib/encoding/crockford.ts';
import type { Id } from '#lib/encoding/id.ts';
import { record } from '#lib/server/audit.ts';
import { backupCodeIndex, secondFactorOf, tryCode } from '#lib/server/auth/codes.ts';
import type { Session } from '#lib/server/auth/sessions.ts';
import { newSeed, stepOf } from '#lib/server/auth/totp.ts';
import { backupCodes, secondFactors } from '#lib/server/db/schema.ts';
import { ServerError } from '#lib/server/errors.ts';
import { notify } from '#lib/server/mail/notices.ts';
import { seedPlace } from '#lib/server/places.ts';
import type { Server } from '#lib/server/server.ts';
import { endOtherSessions } from '#lib/server/sessions.ts';

/** Of a seed that no code was made from: every step is above it. */
const NO_STEP = 0;
/** Symbols of Crockford's base32: 50 bits, which nobody guesses ten times in a quarter of an hour. */
const BACKUP_CODE_LENGTH = 10;
const BACKUP_CODE_BYTES = 10;

export async function secondFactorState(server: Server, account: Id): Promise<SecondFactorState> {
	const { orm } = server.database;
	const [[factor], [codes]] = await server.database.snapshot([
		orm
			.select({ on: secondFactors.on })
			.from(secondFactors)
			.where(eq(secondFactors.account, account)),
		orm.select({ left: count() }).from(backupCodes).where(eq(backupCodes.account, account))
	]);
	const on = factor?.on ?? false;
	return { on, backupCodes: on ? (codes?.left ?? 0) : 0 };
}

/**
 * A new seed, in the place of one that waits. It does nothing until it is turned on.
 *
 * @throws {ServerError} `malformed` where one is on: to change it, it is turned off first.
 */
export async function newSecondFactor(server: Server, account: Id): Promise<SecondFactorSeed> {
	const { database, wrapper, now } = server;
	const seed = newSeed();
	const values = {
		seed: wrapper.wrap(seedPlace(account), seed),
		on: false,
		usedStep: NO_STEP,
		createdAt: now()
	};
	const written = await database.write([
		database.orm
			.insert(secondFactors)
			.values({ account, ...values })
			.onConflictDoUpdate({
				target: secondFactors.account,
				// No two seeds of an account are of one moment: the write that turns one on tells them apart.
				set: {
					...values,
					createdAt: sql`max(excluded.created_at, ${secondFactors.createdAt} + 1)`
				},
				setWhere: eq(secondFactors.on, false)
			})
	]);
	if (written.outcome !== 'written') throw new ServerError('auth', 'the account is gone');
	if (written.results[0]?.rowsAffected === 1) return { seed };
	throw new ServerError('malformed', 'the second factor is on');
}

/**
 * Turns the seed on that waits, with a code made from it. The backup codes are told this once.
 *
 * @throws {ServerError} `not-found` if none waits.
 */
export async function turnOnSecondFactor(
	server: Server,
	session: Session,
	{ code }: SecondFactorChange,
	device: string
): Promise<SecondFactorOn> {
	const { database, wrapper, now } = server;
	const { account } = session;
	const { orm } = database;
	const waits = and(eq(secondFactors.account, account), eq(secondFactors.on, false));
	const [row] = await orm.select().from(secondFactors).where(waits);
	if (row === undefined) throw new ServerError('not-found', 'no seed waits');
	const seed = wrapper.unwrap(seedPlace(account), row.seed);
	const step = stepOf(seed, code, { nowMs: now(), usedStep: row.usedStep });
	if (step === undefined) return { outcome: 'wrong-code' };
	const codes = Array.from({ length: BACKUP_CODES }, newBackupCode);
	// Not by the wrapped seed: the host's command may wrap it again.
	const own = and(waits, eq(secondFactors.createdAt, row.createdAt));
	const same = sql`case when ${own} then 1 end`;
	const { outcome } = await database.write([
		orm
			.update(secondFactors)
			.set({ on: same, usedStep: step })
			.where(eq(secondFactors.account, account)),
		orm.delete(backupCodes).where(eq(backupCodes.account, account)),
		orm
			.insert(backupCodes)
			.values(
				codes.map((each) => ({ account, codeIndex: backupCodeIndex(server, account, each) }))
			),
		...endOtherSessions(server, session),
		...(await notify(server, account, 'second-factor-on', { device })),
		...record(server, account, [{ event: 'second-factor.on' }])
	]);
	if (outcome !== 'written') throw new ServerError('not-found', 'another seed waits by now');
	return { outcome: 'on', backupCodes: codes };
}

/**
 * Turns it off, with a code. Wrong ones count as those of a sign-in do.
 *
 * @throws {ServerError} `not-found` if it is not on; `limited`.
 */
export async function turnOffSecondFactor(
	server: Server,
	session: Session,
	{ code }: SecondFactorChange,
	device: string
): Promise<SecondFactorOff> {
	const { database, limits } = server;
	const { account } = session;
	const factor = await secondFactorOf(server, account);
	if (factor === undefined) throw new ServerError('not-found', 'the second factor is off');
	const tried = await tryCode(server, factor, code, device);
	if (tried.outcome === 'wrong') {
		const wrong = { event: 'second-factor.failed', detail: 'wrong' } as const;
		await database.write(record(server, account, [wrong, ...tried.limited]));
		return { outcome: 'wrong-code' };
	}
	try {
		const { outcome } = await database.write([
			...tried.statements,
			...limits.release(tried.counted),
			database.orm.delete(secondFactors).where(eq(secondFactors.account, account)),
			database.orm.delete(backupCodes).where(eq(backupCodes.account, account)),
			...endOtherSessions(server, session),
			...(await notify(server, account, 'second-factor-off', { device })),
			...record(server, account, [{ event: 'second-factor.off' }])
		]);
		return { outcome: outcome === 'written' ? 'off' : 'wrong-code' };
	} catch (error) {
		limits.owe(tried.counted);
		throw error;
	}
}

function newBackupCode(): string {
	return encode(randomBytes(BACKUP_CODE_BYTES)).slice(0, BACKUP_CODE_LENGTH);
}
