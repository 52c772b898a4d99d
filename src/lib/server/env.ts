/**
 * The environment: the one schema of everything that can be configured, and the only place of the
 * server that reads `process.env`. `.env.example` documents each name for the person who sets it.
 */
import { decode } from '#lib/encoding/base64url.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { ITEMS_PER_VAULT, VAULTS_PER_ACCOUNT } from '#lib/api/limits.ts';
import { z } from '#lib/api/zod.ts';
import { SHARDS_MAX, type Shard } from '#lib/server/db/shard.ts';
import { LIMITS, parseRate, WINDOWS, type LimitName, type Rate } from '#lib/server/limit-table.ts';
import { isMailable } from '#lib/server/mail/address.ts';
import { FERNET_KEY_BYTES } from '#lib/server/wrap/fernet.ts';

const MEBIBYTE = 1024 * 1024;
const LOCAL_HOST = /^(localhost|.+\.localhost|127\.0\.0\.1|\[::1\])$/;
const LOOPBACK = /^(localhost|127\.|::1$)/;
/** Of a libSQL server. */
const REMOTE = /^(libsql|https?):\/\/./;
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export interface Env {
	readonly port: number;
	readonly host: string;
	/** Scheme, host and port exactly as a browser sends it: `https://vault.example.org`. */
	readonly origin: string;
	readonly dataDir: string;
	/** `file:PATH`, or the address of a libSQL server. */
	readonly databaseUrl: string;
	readonly databaseAuthToken: string | undefined;
	/** A replica of that libSQL server, which may trail it. */
	readonly databaseReadUrl: string | undefined;
	/** Of several databases that accounts are divided among: their addresses; none where there is one. */
	readonly shards: readonly string[];
	/** Which of them this is about; see {@link envsOf}. */
	readonly shard: Shard | undefined;
	/** At least one; the first encrypts, all decrypt. */
	readonly encryptionKeys: readonly Bytes[];
	/** Where a proxy writes the address of whoever asks. */
	readonly addressHeader: string | undefined;
	readonly registration: 'open' | 'invite' | 'closed';
	readonly logLevel: (typeof LOG_LEVELS)[number];
	/** What whoever asks for `/metrics` must show; without it there is no such address. */
	readonly metricsToken: string | undefined;
	/** Where mails are handed over, and from whom they come; without it none are sent. */
	readonly smtp: Smtp | undefined;
	readonly limits: Readonly<Record<LimitName, Rate>>;
	/** What one account may store, all its vaults together: see storage.ts. */
	readonly share: { readonly bytes: number; readonly keys: number };
}

export interface Smtp {
	/** `smtp://` or `smtps://`, with name and password where the server asks for them. */
	readonly url: string;
	readonly from: { readonly name: string; readonly address: string };
}

/** Everything that is wrong with the environment, one line each. */
export class EnvError extends Error {
	override readonly name = 'EnvError';
	constructor(readonly faults: readonly string[]) {
		super(faults.join('\n'));
	}
}

type Source = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks the environment. An empty value counts as one that is not set.
 *
 * @throws {EnvError} with one line for each fault, all of them at once.
 */
export function readEnv(source: Source = process.env): Env {
	const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
	const variables = z.safeParse(Variables, given);
	const limits = z.safeParse(LimitVariables, given);
	const faults = [...faultsOf(variables.error), ...faultsOf(limits.error)];
	if (given.XFF_DEPTH !== undefined && given.ADDRESS_HEADER === undefined) {
		faults.push('XFF_DEPTH: means nothing without ADDRESS_HEADER');
	}
	if (given.DATABASE_READ_URL !== undefined && !REMOTE.test(given.DATABASE_URL ?? '')) {
		faults.push('DATABASE_READ_URL: means nothing unless DATABASE_URL is a libSQL server');
	}
	if (given.DATABASE_SHARDS !== undefined && given.DATABASE_URL !== undefined) {
		faults.push('DATABASE_SHARDS, DATABASE_URL: one takes the place of the other');
	}
	if ((given.SMTP_URL === undefined) !== (given.MAIL_FROM === undefined)) {
		faults.push('SMTP_URL, MAIL_FROM: one means nothing without the other');
	}
	if (!variables.success || !limits.success || faults.length > 0) throw new EnvError(faults);
	return envOf(variables.data, limits.data);
}

/** One for each of the databases. */
export function envsOf(env: Env): Env[] {
	const count = env.shards.length;
	if (count === 0) return [env];
	return env.shards.map((databaseUrl, index) => ({ ...env, databaseUrl, shard: { index, count } }));
}

/** Whether a proxy seems to stand before it that names nobody: all visitors are then one network. */
export function hidesNetworks({ origin, host, addressHeader }: Env): boolean {
	return addressHeader === undefined && origin.startsWith('https:') && LOOPBACK.test(host);
}

/** Whether only this machine itself can reach it. */
export function isLocal({ origin }: Pick<Env, 'origin'>): boolean {
	return LOCAL_HOST.test(new URL(origin).hostname);
}

const LimitVariables = z.object(
	Object.fromEntries(LIMITS.map(({ variable, fallback }) => [variable, rate(fallback)]))
);

const Variables = z.object({
	PORT: whole(1, 65_535, 3000),
	HOST: z._default(z.string(), '127.0.0.1'),
	ORIGIN: z
		.string({ error: 'must be set: the address that people type, https://keys.example.org' })
		.check(refusing(faultOfOrigin)),
	DATA_DIR: z._default(z.string(), './data'),
	DATABASE_URL: z.optional(
		z.string().check(
			z.regex(/^(file:(?!:memory:).|(libsql|https?):\/\/.)/, {
				error: 'must be file:PATH or the address of a libSQL server: libsql://, https:// or http://'
			})
		)
	),
	DATABASE_AUTH_TOKEN: z.optional(z.string()),
	DATABASE_READ_URL: z.optional(
		z.string().check(
			z.regex(REMOTE, {
				error: 'must be the address of a replica: libsql://, https:// or http://'
			})
		)
	),
	DATABASE_SHARDS: z.optional(z.string().check(refusing(faultOfShards))),
	ENCRYPTION_KEYS: z
		.string({ error: 'must be set: keys of 32 random bytes in base64url, comma-separated' })
		.check(refusing(faultOfKeys)),
	REGISTRATION: z._default(
		z.enum(['open', 'invite', 'closed'], { error: 'must be open, invite or closed' }),
		'open'
	),
	LOG_LEVEL: z._default(z.enum(LOG_LEVELS, { error: `must be ${LOG_LEVELS.join(', ')}` }), 'info'),
	METRICS_TOKEN: z.optional(
		z.string().check(
			z.regex(/^[\w.~+/=-]{32,256}$/, {
				error: 'must be 32 to 256 characters: letters, digits and any of . _ ~ + / = -'
			})
		)
	),
	SMTP_URL: z.optional(z.string().check(refusing(faultOfSmtp))),
	MAIL_FROM: z.optional(z.string().check(refusing(faultOfSender))),
	ADDRESS_HEADER: z.optional(
		z.string().check(z.regex(/^[A-Za-z0-9-]+$/, { error: 'must be the name of one header' }))
	),
	XFF_DEPTH: whole(1, 32, 1),
	LIMIT_ACCOUNT_BYTES: whole(MEBIBYTE, 1024 * 1024 * MEBIBYTE, 256 * MEBIBYTE),
	LIMIT_ACCOUNT_KEYS: whole(1, ITEMS_PER_VAULT * VAULTS_PER_ACCOUNT, 100_000)
});

/** The name of everything that can be configured. */
export const VARIABLES: readonly string[] = [Variables, LimitVariables].flatMap(({ shape }) =>
	Object.keys(shape)
);

function envOf(
	variables: z.output<typeof Variables>,
	limits: Readonly<Record<string, string>>
): Env {
	const shards = wordsIn(variables.DATABASE_SHARDS ?? '');
	return {
		port: Number(variables.PORT),
		host: variables.HOST,
		origin: variables.ORIGIN,
		dataDir: variables.DATA_DIR,
		databaseUrl: variables.DATABASE_URL ?? shards[0] ?? `file:${variables.DATA_DIR}/keyhold.db`,
		databaseAuthToken: variables.DATABASE_AUTH_TOKEN,
		databaseReadUrl: variables.DATABASE_READ_URL,
		shards,
		shard: undefined,
		encryptionKeys: keysIn(variables.ENCRYPTION_KEYS).map(decode),
		addressHeader: variables.ADDRESS_HEADER,
		registration: variables.REGISTRATION,
		logLevel: variables.LOG_LEVEL,
		metricsToken: variables.METRICS_TOKEN,
		smtp: smtpOf(variables),
		share: {
			bytes: Number(variables.LIMIT_ACCOUNT_BYTES),
			keys: Number(variables.LIMIT_ACCOUNT_KEYS)
		},
		limits: Object.fromEntries(
			LIMITS.map((limit) => [limit.name, parseRate(limits[limit.variable] ?? limit.fallback)])
		) as Record<LimitName, Rate>
	};
}

function smtpOf({ SMTP_URL, MAIL_FROM }: z.output<typeof Variables>): Smtp | undefined {
	const from = senderIn(MAIL_FROM ?? '');
	return SMTP_URL === undefined || from === undefined ? undefined : { url: SMTP_URL, from };
}

function faultsOf(error: z.core.$ZodError | undefined): string[] {
	return (error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

function whole(min: number, max: number, fallback: number) {
	const fault = (text: string) =>
		/^\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max
			? undefined
			: `must be a whole number from ${min} to ${max}`;
	return z._default(z.string().check(refusing(fault)), String(fallback));
}

function rate(fallback: string) {
	const fault = (text: string) =>
		parseRate(text) === undefined
			? `must be COUNT/TIME such as ${fallback}, where TIME is one of ${WINDOWS.join(' ')}`
			: undefined;
	return z._default(z.string().check(refusing(fault)), fallback);
}

/** A check that reports what `faultOf` finds wrong with a text. */
function refusing(faultOf: (text: string) => string | undefined) {
	return z.superRefine<string>((text, context) => {
		const fault = faultOf(text);
		if (fault !== undefined) context.addIssue({ code: 'custom', message: fault, input: text });
	});
}

/**
 * Browsers give WebCrypto and `__Host-` cookies to https and to the own machine only, so another
 * origin could never work.
 */
function faultOfOrigin(text: string): string | undefined {
	if (!URL.canParse(text)) return 'must be an address such as https://keys.example.org';
	const url = new URL(text);
	if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must begin with https://';
	if (url.origin !== text) return `must be the scheme, host and port alone: ${url.origin}`;
	if (url.protocol === 'http:' && !LOCAL_HOST.test(url.hostname)) {
		return 'must be https:// unless it is localhost: browsers lock the cryptography away on http';
	}
	return undefined;
}

/** Says nothing of the text: a password may stand in it. */
function faultOfSmtp(text: string): string | undefined {
	const fault = 'must be smtp://HOST:PORT or smtps://HOST, as smtp://NAME:PASSWORD@HOST:PORT';
	if (!URL.canParse(text)) return fault;
	const { protocol, hostname } = new URL(text);
	return /^smtps?:$/.test(protocol) && hostname !== '' ? undefined : fault;
}

function faultOfSender(text: string): string | undefined {
	return senderIn(text) === undefined
		? 'must be an address, or a name and one: Keyhold <keyhold@example.org>'
		: undefined;
}

/** `Name <address>`, or the address alone. */
function senderIn(text: string): Smtp['from'] | undefined {
	const named = /^([^<>"\p{Cc}]*?)\s*<([^<>]*)>$/u.exec(text);
	const [name = '', address = ''] = named === null ? ['', text] : named.slice(1);
	return isMailable(address) ? { name: name.trim(), address } : undefined;
}

/** Says nothing of the text: a password may stand in it. */
function faultOfShards(text: string): string | undefined {
	const urls = wordsIn(text);
	const good = urls.every((url) => REMOTE.test(url)) && new Set(urls).size === urls.length;
	if (good && urls.length >= 2 && urls.length <= SHARDS_MAX) return undefined;
	return `must be 2 to ${SHARDS_MAX} different addresses of libSQL servers, comma-separated`;
}

function wordsIn(text: string): string[] {
	return text === '' ? [] : text.split(',').map((word) => word.trim());
}

/** Names a key by its place, never by its text. */
function faultOfKeys(text: string): string | undefined {
	const keys = keysIn(text);
	for (const [index, key] of keys.entries()) {
		if (!isKey(key)) return `key ${index + 1} of ${keys.length} is not 32 bytes in base64url`;
		if (keys.indexOf(key) !== index) return `key ${index + 1} of ${keys.length} is there twice`;
	}
	return undefined;
}

/** Fernet keys usually come with padding. */
function keysIn(text: string): string[] {
	return text.split(',').map((key) => key.trim().replace(/=$/, ''));
}

function isKey(text: string): boolean {
	try {
		return decode(text).length === FERNET_KEY_BYTES;
	} catch {
		return false;
	}
}
