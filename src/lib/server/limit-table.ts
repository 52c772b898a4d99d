/**
 * Every rate limit in one table: the environment's schema, the server and the tests read it, and
 * .env.example prints it. A limit counts in windows: the first try opens one, the next try
 * after its end opens another.
 *
 * `memory` limits are the outer shell: they refuse without touching the database and are forgotten
 * at a restart. `database` limits are what protects an account; they survive one.
 */

import { routes, type Route } from '#lib/api/routes.ts';

/** Lengths of a window that can be written. */
const WINDOWS_MS = {
	s: 1_000,
	'10s': 10_000,
	'30s': 30_000,
	m: 60_000,
	'5m': 300_000,
	'10m': 600_000,
	'15m': 900_000,
	'30m': 1_800_000,
	h: 3_600_000,
	'2h': 7_200_000,
	'6h': 21_600_000,
	'12h': 43_200_000,
	d: 86_400_000
} as const;

export type Window = keyof typeof WINDOWS_MS;
export const WINDOWS = Object.keys(WINDOWS_MS);

/** `count` tries in each `window`. */
export interface Rate {
	readonly count: number;
	readonly window: Window;
	readonly windowMs: number;
}

export type LimitName =
	| 'requests'
	| 'auth'
	| 'commits'
	| 'reads'
	| 'reminders'
	| 'failuresHere'
	| 'failuresAccount'
	| 'failuresNetwork'
	| 'failuresTotal'
	| 'codesAccount'
	| 'registrationsNetwork'
	| 'registrationsTotal'
	| 'mailsAddress'
	| 'mailsNetwork';

interface Limit {
	readonly name: LimitName;
	readonly variable: string;
	readonly fallback: string;
	/** What is counted, for whom. An account that does not exist is counted like one that does. */
	readonly counts: string;
	readonly kept: 'memory' | 'database';
	/** Of a memory limit: the routes that it counts, and for whom. */
	readonly routes?: readonly Route[];
	readonly by?: 'network' | 'account';
	/** It only says so in the log: a limit of all together would let anyone lock everyone out. */
	readonly warns?: true;
}

export const LIMITS: readonly Limit[] = [
	{
		name: 'requests',
		variable: 'LIMIT_REQUESTS',
		fallback: '1200/m',
		counts: 'requests of any kind from one network',
		kept: 'memory',
		routes: Object.values(routes),
		by: 'network'
	},
	{
		name: 'auth',
		variable: 'LIMIT_AUTH',
		fallback: '300/10m',
		counts: 'challenges, proofs and registrations from one network',
		kept: 'memory',
		routes: [routes.challenge, routes.verify, routes.register],
		by: 'network'
	},
	{
		name: 'commits',
		variable: 'LIMIT_COMMITS',
		fallback: '1200/10m',
		counts: 'commits and parts of rotations of one account',
		kept: 'memory',
		routes: [
			routes.vaultCommit,
			routes.accountCommit,
			routes.rotationPart,
			routes.rotation,
			routes.acceptRestore
		],
		by: 'account'
	},
	{
		name: 'reads',
		variable: 'LIMIT_READS',
		fallback: '300/m',
		counts: 'requests for secrets of one account',
		kept: 'memory',
		routes: [routes.secrets],
		by: 'account'
	},
	{
		name: 'reminders',
		variable: 'LIMIT_REMINDERS',
		fallback: '120/h',
		counts: 'changes of the days on which an account is reminded by mail',
		kept: 'memory',
		routes: [routes.setReminders],
		by: 'account'
	},
	{
		name: 'failuresHere',
		variable: 'LIMIT_FAILURES_HERE',
		fallback: '10/15m',
		counts: 'wrong proofs for one account from one network or /48 of IPv6',
		kept: 'database'
	},
	{
		name: 'failuresAccount',
		variable: 'LIMIT_FAILURES_ACCOUNT',
		fallback: '100/h',
		counts: 'wrong proofs for one account from networks that it never signed in from',
		kept: 'database'
	},
	{
		name: 'failuresNetwork',
		variable: 'LIMIT_FAILURES_NETWORK',
		fallback: '200/h',
		counts: 'wrong proofs for any account from one network or /48 of IPv6',
		kept: 'database'
	},
	{
		name: 'failuresTotal',
		variable: 'LIMIT_FAILURES_TOTAL',
		fallback: '10000/h',
		counts: 'wrong proofs in all; more than these are a warning in the log, and refuse nobody',
		kept: 'database',
		warns: true
	},
	{
		name: 'codesAccount',
		variable: 'LIMIT_CODES_ACCOUNT',
		fallback: '10/15m',
		counts: 'wrong codes of the second factor of one account, from all networks together',
		kept: 'database'
	},
	{
		name: 'registrationsNetwork',
		variable: 'LIMIT_REGISTRATIONS_NETWORK',
		fallback: '60/h',
		counts: 'tries to register from one network or /48 of IPv6',
		kept: 'database'
	},
	{
		name: 'registrationsTotal',
		variable: 'LIMIT_REGISTRATIONS_TOTAL',
		fallback: '2000/d',
		counts: 'tries to register in all',
		kept: 'database'
	},
	{
		name: 'mailsAddress',
		variable: 'LIMIT_MAILS_ADDRESS',
		fallback: '6/h',
		counts:
			'mails of one kind to one address, asked for by whoever types it: to confirm, recover, start over',
		kept: 'database'
	},
	{
		name: 'mailsNetwork',
		variable: 'LIMIT_MAILS_NETWORK',
		fallback: '60/h',
		counts: 'such mails to any address, asked for from one network or /48 of IPv6',
		kept: 'database'
	}
];

/** `COUNT/WINDOW`, such as `10/15m`; `undefined` for anything else. */
export function parseRate(text: string): Rate | undefined {
	const [count = '', window = '', ...rest] = text.split('/');
	if (rest.length > 0 || !/^[1-9]\d{0,8}$/.test(count) || !isWindow(window)) return undefined;
	return { count: Number(count), window, windowMs: WINDOWS_MS[window] };
}

function isWindow(text: string): text is Window {
	return Object.hasOwn(WINDOWS_MS, text);
}
