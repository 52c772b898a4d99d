/**
 * Every route of the HTTP interface, version 1, in one table: the typed client, the endpoints, the
 * published OpenAPI description and the test of strangers x routes all read this.
 */
import { AccountCommitReply, AccountCommitRequest, AccountHead } from '#lib/api/account.ts';
import { RegisterReply, RegisterRequest } from '#lib/api/accounts.ts';
import { ChallengeReply, ChallengeRequest, VerifyReply, VerifyRequest } from '#lib/api/auth.ts';
import {
	ACCOUNT_REPLY_BYTES,
	COMMIT_BODY_BYTES,
	LIST_ANSWER_BYTES,
	SECRETS_REPLY_BYTES,
	SMALL_BODY_BYTES,
	SMALL_REPLY_BYTES
} from '#lib/api/limits.ts';
import {
	CommitReply,
	CommitRequest,
	SecretsReply,
	SecretsRequest,
	VaultHead
} from '#lib/api/vaults.ts';
import { z } from '#lib/api/zod.ts';

/** `session` is what the route asks for; `maxBodyBytes` is checked before anything is parsed. */
export interface Route<
	Request extends z.ZodMiniType = z.ZodMiniType,
	Reply extends z.ZodMiniType = z.ZodMiniType
> {
	readonly method: 'GET' | 'POST' | 'DELETE';
	readonly path: string;
	readonly session: 'none' | 'optional' | 'needed';
	readonly request: Request;
	readonly reply: Reply;
	readonly maxBodyBytes: number;
	/** A longer answer is not read to its end. */
	readonly maxReplyBytes: number;
}

const Nothing = z.undefined();

export const routes = {
	register: route(
		'POST',
		'/api/v1/accounts',
		'none',
		RegisterRequest,
		RegisterReply,
		SMALL_BODY_BYTES,
		SMALL_REPLY_BYTES
	),
	challenge: route(
		'POST',
		'/api/v1/auth/challenge',
		'optional',
		ChallengeRequest,
		ChallengeReply,
		SMALL_BODY_BYTES,
		SMALL_REPLY_BYTES
	),
	verify: route(
		'POST',
		'/api/v1/auth/verify',
		'optional',
		VerifyRequest,
		VerifyReply,
		SMALL_BODY_BYTES,
		SMALL_REPLY_BYTES
	),
	signOut: route(
		'DELETE',
		'/api/v1/auth/session',
		'optional',
		Nothing,
		Nothing,
		0,
		SMALL_REPLY_BYTES
	),
	account: route('GET', '/api/v1/account', 'needed', Nothing, AccountHead, 0, ACCOUNT_REPLY_BYTES),
	accountCommit: route(
		'POST',
		'/api/v1/account/commits',
		'needed',
		AccountCommitRequest,
		AccountCommitReply,
		256 * 1024,
		ACCOUNT_REPLY_BYTES
	),
	vault: route('GET', '/api/v1/vaults/:vault', 'needed', Nothing, VaultHead, 0, LIST_ANSWER_BYTES),
	vaultCommit: route(
		'POST',
		'/api/v1/vaults/:vault/commits',
		'needed',
		CommitRequest,
		CommitReply,
		COMMIT_BODY_BYTES,
		LIST_ANSWER_BYTES
	),
	secrets: route(
		'POST',
		'/api/v1/vaults/:vault/secrets',
		'needed',
		SecretsRequest,
		SecretsReply,
		SMALL_BODY_BYTES,
		SECRETS_REPLY_BYTES
	)
} as const;

function route<Request extends z.ZodMiniType, Reply extends z.ZodMiniType>(
	method: Route['method'],
	path: string,
	session: Route['session'],
	request: Request,
	reply: Reply,
	maxBodyBytes: number,
	maxReplyBytes: number
): Route<Request, Reply> {
	return { method, path, session, request, reply, maxBodyBytes, maxReplyBytes };
}
