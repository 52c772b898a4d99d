/**
 * Accepting what the operator restored: manifests on top of the served heads, with a seq above all
 * that a device has seen. The only jump of a seq that there is. Norm: docs/protocol.md, 10.
 */
import type { AcceptRestoreRequest, AccountCommitReply } from '#lib/api/account.ts';
import { PROOF_PURPOSE } from '#lib/api/auth.ts';
import { accountAt, accountStep, conflict } from '#lib/server/account.ts';
import { record } from '#lib/server/audit.ts';
import { requireProof } from '#lib/server/auth/proof.ts';
import { deviceOf } from '#lib/server/device.ts';
import type { Member } from '#lib/server/endpoint.ts';
import { ServerError } from '#lib/server/errors.ts';
import { notify } from '#lib/server/mail/notices.ts';
import { vaultStep } from '#lib/server/vaults.ts';

/**
 * @throws {ServerError} `malformed` unless every seq rises and no vault is there twice; `proof`;
 * `not-found` for a vault of another account exactly as for none.
 */
export async function acceptRestore(
	member: Member,
	request: AcceptRestoreRequest
): Promise<AccountCommitReply> {
	const { server, claim, account, event } = member;
	const { expected, seq, vaults } = request;
	check(request);
	await requireProof(member, PROOF_PURPOSE.acceptRestore);
	const found = await accountAt(server, account, expected);
	if (found === undefined) return await conflict(server, claim, account, expected);
	if (!vaults.every(({ id }) => found.vaults.includes(id))) {
		throw new ServerError('not-found', 'no such vault');
	}
	const device = deviceOf(event.request.headers);
	const { outcome } = await server.database.write([
		...accountStep(server, account, request),
		...vaults.flatMap((vault) => vaultStep(server, account, vault.id, vault)),
		...record(server, account, [
			{ event: 'restore.accepted', detail: String(seq) },
			...vaults.map((vault) => {
				return { event: 'restore.accepted', vault: vault.id, detail: String(vault.seq) } as const;
			})
		]),
		...(await notify(server, account, 'restore-accepted', { device }))
	]);
	if (outcome === 'written') return { outcome: 'stored', seq };
	return await conflict(server, claim, account, expected);
}

function check(request: AcceptRestoreRequest): void {
	const { vaults } = request;
	if (![request, ...vaults].every(({ seq, expected }) => seq > expected.seq)) {
		throw new ServerError('malformed', 'a seq that does not rise');
	}
	if (new Set(vaults.map(({ id }) => id)).size !== vaults.length) {
		throw new ServerError('malformed', 'a vault that is there twice');
	}
}
