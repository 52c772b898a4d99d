/** The audit log: what happened to an account, as rows that go into the batch of what happened. */
import type { Id } from '#lib/encoding/id.ts';
import type { Database, Statement } from '#lib/server/db/database.ts';
import { audit } from '#lib/server/db/schema.ts';

/** Their names are stable: docs/operations.md says what each means. */
export const AUDIT_EVENTS = [
	'account.made',
	'account.commit',
	'vault.commit',
	'secret.read',
	'sign-in',
	'sign-in.failed',
	'unlock',
	'unlock.failed',
	'proof',
	'proof.failed',
	'proof.refused',
	'proof.limited',
	'sign-out',
	'second-factor.failed',
	'second-factor.on',
	'second-factor.off',
	'session.ended',
	'sessions.ended',
	'password.changed',
	'passkey.added',
	'kit.used',
	'rotated',
	'restore.accepted',
	'vault.made',
	'vault.dropped',
	'email.asked',
	'email.changed',
	'erasure.begun',
	'erasure.stopped',
	'admin'
] as const;
export type AuditEvent = (typeof AUDIT_EVENTS)[number];

export interface AuditRow {
	readonly event: AuditEvent;
	readonly vault?: Id;
	readonly item?: Id;
	/** The new seq of a commit, the purpose of a read and how many it took, the reason of a refusal. */
	readonly detail?: string;
}

/** Stands for every account that does not exist: strangers make up as many as they like. */
export const NOBODY = 'nobody';

/** Rows that one statement holds; SQLite takes 32,766 parameters. */
const ROWS = 500;

/** Statements that write `rows`, in their order. */
export function record(
	database: Database,
	atMs: number,
	account: string,
	rows: readonly AuditRow[]
): Statement[] {
	const statements: Statement[] = [];
	for (let i = 0; i < rows.length; i += ROWS) {
		const values = rows.slice(i, i + ROWS).map((row) => ({ at: atMs, account, ...row }));
		statements.push(database.orm.insert(audit).values(values));
	}
	return statements;
}
