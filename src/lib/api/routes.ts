/**
 * Every route of the HTTP interface, version 1, in one table: the typed client, the endpoints, the
 * published OpenAPI description and the test of strangers x routes all read this.
 */
import {
	AcceptRestoreRequest,
	AccountCommitReply,
	AccountCommitRequest,
	AccountHead,
	RotationRequest
} from '#lib/api/account.ts';
import { ActivityCountsReply, ActivityReply, NoteRequest } from '#lib/api/activity.ts';
import {
	ConfirmRequest,
	MailRequest,
	RegisterReply,
	RegisterRequest,
	ServerInfo
} from '#lib/api/accounts.ts';
import { ChallengeReply, ChallengeRequest, VerifyReply, VerifyRequest } from '#lib/api/auth.ts';
import { EmailChangeLink, EmailChangeRequest, EmailChangeState } from '#lib/api/email-changes.ts';
import { ErasureBegun, ErasureLink, ErasureRequest, ErasureState } from '#lib/api/erasures.ts';
import {
	ACCOUNT_REPLY_BYTES,
	ACTIVITY_REPLY_BYTES,
	COMMIT_BODY_BYTES,
	LIST_ANSWER_BYTES,
	SECRETS_REPLY_BYTES,
	SMALL_BODY_BYTES,
	SMALL_REPLY_BYTES
} from '#lib/api/limits.ts';
import { RemindersRequest, RemindersState } from '#lib/api/reminders.ts';
import { RotationPart } from '#lib/api/rotations.ts';
import {
	SecondFactorChange,
	SecondFactorOff,
	SecondFactorOn,
	SecondFactorSeed,
	SecondFactorState
} from '#lib/api/second-factor.ts';
import { SessionsReply } from '#lib/api/sessions.ts';
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
	register: small('POST', '/api/v1/accounts', 'none', RegisterRequest, RegisterReply),
	challenge: small('POST', '/api/v1/auth/challenge', 'optional', ChallengeRequest, ChallengeReply),
	verify: small('POST', '/api/v1/auth/verify', 'optional', VerifyRequest, VerifyReply),
	signOut: small('DELETE', '/api/v1/auth/session', 'optional', Nothing, Nothing),
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
	server: small('GET', '/api/v1/server', 'none', Nothing, ServerInfo),
	confirm: small('POST', '/api/v1/confirmations', 'none', ConfirmRequest, Nothing),
	confirmationMail: small('POST', '/api/v1/confirmations/mails', 'none', MailRequest, Nothing),
	recoveryMail: small('POST', '/api/v1/recoveries/mails', 'none', MailRequest, Nothing),
	erasureMail: small('POST', '/api/v1/erasures/mails', 'none', ErasureRequest, Nothing),
	erasure: small('POST', '/api/v1/erasures', 'none', ErasureLink, ErasureBegun),
	erasureStop: small('POST', '/api/v1/erasures/stops', 'none', ErasureLink, Nothing),
	erasureState: small('GET', '/api/v1/account/erasure', 'needed', Nothing, ErasureState),
	sessions: small('GET', '/api/v1/account/sessions', 'needed', Nothing, SessionsReply),
	endSession: small('DELETE', '/api/v1/account/sessions/:session', 'needed', Nothing, Nothing),
	endOtherSessions: small('DELETE', '/api/v1/account/sessions', 'needed', Nothing, Nothing),
	secondFactor: small('GET', '/api/v1/account/second-factor', 'needed', Nothing, SecondFactorState),
	secondFactorSeed: small(
		'POST',
		'/api/v1/account/second-factor/seeds',
		'needed',
		Nothing,
		SecondFactorSeed
	),
	secondFactorOn: small(
		'POST',
		'/api/v1/account/second-factor',
		'needed',
		SecondFactorChange,
		SecondFactorOn
	),
	secondFactorOff: small(
		'POST',
		'/api/v1/account/second-factor/removals',
		'needed',
		SecondFactorChange,
		SecondFactorOff
	),
	emailChange: small('GET', '/api/v1/account/email-change', 'needed', Nothing, EmailChangeState),
	askEmailChange: small(
		'POST',
		'/api/v1/account/email-change',
		'needed',
		EmailChangeRequest,
		EmailChangeState
	),
	confirmEmailChange: small(
		'POST',
		'/api/v1/email-changes/confirmations',
		'none',
		EmailChangeLink,
		Nothing
	),
	reminders: small('GET', '/api/v1/account/reminders', 'needed', Nothing, RemindersState),
	setReminders: small(
		'POST',
		'/api/v1/account/reminders',
		'needed',
		RemindersRequest,
		RemindersState
	),
	dropAccount: small('DELETE', '/api/v1/account', 'needed', Nothing, Nothing),
	rotationPart: route(
		'POST',
		'/api/v1/account/rotations/:rotation/parts',
		'needed',
		RotationPart,
		Nothing,
		COMMIT_BODY_BYTES,
		SMALL_REPLY_BYTES
	),
	rotation: route(
		'POST',
		'/api/v1/account/rotation',
		'needed',
		RotationRequest,
		AccountCommitReply,
		COMMIT_BODY_BYTES,
		ACCOUNT_REPLY_BYTES
	),
	acceptRestore: route(
		'POST',
		'/api/v1/account/restore',
		'needed',
		AcceptRestoreRequest,
		AccountCommitReply,
		COMMIT_BODY_BYTES,
		ACCOUNT_REPLY_BYTES
	),
	activity: route(
		'GET',
		'/api/v1/account/activity',
		'needed',
		Nothing,
		ActivityReply,
		0,
		ACTIVITY_REPLY_BYTES
	),
	activityCounts: route(
		'GET',
		'/api/v1/account/activity/counts',
		'needed',
		Nothing,
		ActivityCountsReply,
		0,
		ACTIVITY_REPLY_BYTES
	),
	note: small('POST', '/api/v1/vaults/:vault/notes', 'needed', NoteRequest, Nothing),
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

/** A route whose request and reply hold no sealed records. */
function small<Request extends z.ZodMiniType, Reply extends z.ZodMiniType>(
	method: Route['method'],
	path: string,
	session: Route['session'],
	request: Request,
	reply: Reply
): Route<Request, Reply> {
	const maxBodyBytes = method === 'POST' ? SMALL_BODY_BYTES : 0;
	return route(method, path, session, request, reply, maxBodyBytes, SMALL_REPLY_BYTES);
}

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
