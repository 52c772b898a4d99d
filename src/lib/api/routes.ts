/**
 * Every route of the HTTP interface, version 1, in one table: the typed client, the endpoints, the
 * published OpenAPI description and the test of strangers x routes all read this.
 */
import {
	AcceptRestoreRequest,
	AccountCommitReply,
	AccountCommitRequest,
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
import { EmailChangeLink, EmailChangeRequest, EmailChangeState } from '#lib/api/email-changes.ts';
import { ErasureBegun, ErasureLink, ErasureRequest } from '#lib/api/erasures.ts';
import {
	ACCOUNT_REPLY_BYTES,
	ACTIVITY_REPLY_BYTES,
	COMMIT_BODY_BYTES,
	LIST_ANSWER_BYTES,
	SMALL_REPLY_BYTES
} from '#lib/api/limits.ts';
import { openingRoutes } from '#lib/api/opening-routes.ts';
import { RemindersRequest, RemindersState } from '#lib/api/reminders.ts';
import { Nothing, route, SERVER_PATH, small } from '#lib/api/route.ts';
import { RotationPart } from '#lib/api/rotations.ts';
import {
	SecondFactorChange,
	SecondFactorOff,
	SecondFactorOn,
	SecondFactorSeed,
	SecondFactorState
} from '#lib/api/second-factor.ts';
import { SessionsReply } from '#lib/api/sessions.ts';
import { CommitReply, CommitRequest } from '#lib/api/vaults.ts';

export type { Route } from '#lib/api/route.ts';

export const routes = {
	...openingRoutes,
	register: small('POST', '/api/v1/accounts', 'none', RegisterRequest, RegisterReply),
	accountCommit: route(
		'POST',
		'/api/v1/account/commits',
		'needed',
		AccountCommitRequest,
		AccountCommitReply,
		256 * 1024,
		ACCOUNT_REPLY_BYTES
	),
	server: small('GET', SERVER_PATH, 'none', Nothing, ServerInfo),
	confirm: small('POST', '/api/v1/confirmations', 'none', ConfirmRequest, Nothing),
	confirmationMail: small('POST', '/api/v1/confirmations/mails', 'none', MailRequest, Nothing),
	recoveryMail: small('POST', '/api/v1/recoveries/mails', 'none', MailRequest, Nothing),
	erasureMail: small('POST', '/api/v1/erasures/mails', 'none', ErasureRequest, Nothing),
	erasure: small('POST', '/api/v1/erasures', 'none', ErasureLink, ErasureBegun),
	erasureStop: small('POST', '/api/v1/erasures/stops', 'none', ErasureLink, Nothing),
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
	vaultCommit: route(
		'POST',
		'/api/v1/vaults/:vault/commits',
		'needed',
		CommitRequest,
		CommitReply,
		COMMIT_BODY_BYTES,
		LIST_ANSWER_BYTES
	)
} as const;
