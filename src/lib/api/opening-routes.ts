/**
 * The routes by which a vault is opened, listed and copied from, and what is asked at each unlock:
 * apart from `routes.ts`, since who unlocks loads nothing of the others.
 */
import { AccountHead } from '#lib/api/account.ts';
import { ChallengeReply, ChallengeRequest, VerifyReply, VerifyRequest } from '#lib/api/auth.ts';
import { ErasureState } from '#lib/api/erasures.ts';
import {
	ACCOUNT_REPLY_BYTES,
	LIST_ANSWER_BYTES,
	SECRETS_REPLY_BYTES,
	SMALL_BODY_BYTES
} from '#lib/api/limits.ts';
import { RemindersState } from '#lib/api/reminders.ts';
import { Nothing, route, small } from '#lib/api/route.ts';
import { SecretsReply, SecretsRequest, VaultHead } from '#lib/api/vaults.ts';

export const openingRoutes = {
	challenge: small('POST', '/api/v1/auth/challenge', 'optional', ChallengeRequest, ChallengeReply),
	verify: small('POST', '/api/v1/auth/verify', 'optional', VerifyRequest, VerifyReply),
	signOut: small('DELETE', '/api/v1/auth/session', 'optional', Nothing, Nothing),
	account: route('GET', '/api/v1/account', 'needed', Nothing, AccountHead, 0, ACCOUNT_REPLY_BYTES),
	erasureState: small('GET', '/api/v1/account/erasure', 'needed', Nothing, ErasureState),
	reminders: small('GET', '/api/v1/account/reminders', 'needed', Nothing, RemindersState),
	vault: route('GET', '/api/v1/vaults/:vault', 'needed', Nothing, VaultHead, 0, LIST_ANSWER_BYTES),
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
