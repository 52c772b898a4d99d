/**
 * The log: one JSON line for each event, with these fields and no others. Everything else a
 * caller might hold (addresses, emails, bodies, paths with ids, messages of libraries that quote
 * what they were given) has no field, so it cannot get in by accident.
 */
import { pino, type DestinationStream } from 'pino';

/** Every field that a line may have. */
const FIELDS = [
	'number',
	'method',
	'route',
	'status',
	'ms',
	'code',
	'limit',
	'error',
	'frames',
	'applied',
	'copy',
	'key',
	'reason'
] as const;

export interface LogFields {
	/** Reference of a request; the same number stands in the problem that it was answered with. */
	readonly number?: string;
	readonly method?: string;
	/** The pattern of the route, never the path: that holds ids. */
	readonly route?: string;
	readonly status?: number;
	readonly ms?: number;
	/** A problem's code. */
	readonly code?: string;
	/** Name of the rate limit that refused. */
	readonly limit?: string;
	/** Class and code of an error. */
	readonly error?: string;
	/** Where it was thrown: functions and files, without its message. */
	readonly frames?: readonly string[];
	readonly applied?: number;
	/** File that a database was copied to. */
	readonly copy?: string;
	/** Name of an encryption key, which is a hash. */
	readonly key?: string;
	readonly reason?: string;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'fatal';

export interface Log {
	write(level: LogLevel, event: string, fields?: LogFields): void;
}

/** @param destination where lines go; standard output if it is left out. */
export function openLog(level: string, destination?: DestinationStream): Log {
	const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
	// Synchronous: what is written before the process ends must not be lost.
	const logger = pino(options, destination ?? pino.destination({ fd: 1, sync: true }));
	return {
		write: (at, event, fields = {}) => {
			logger[at](allowed(fields), event);
		}
	};
}

const MAX_FRAMES = 12;
const WORD = /^[\w$]{1,64}$/;
/** How a stack begins, before the message: `TypeError: `, `Error [ERR_ASSERTION]: `. */
const STACK_HEAD = /^[\w$]+(?: \[\w+\])?(?:: )?/;

/** What the log may know of an error: its class, its code, its place. Never its message. */
export function errorFields(error: unknown): LogFields {
	if (!(error instanceof Error)) return { error: typeof error };
	const code = 'code' in error ? error.code : undefined;
	const words = [error.name, code].filter((word) => typeof word === 'string' && WORD.test(word));
	return { error: words.join(' '), frames: framesOf(error) };
}

/** A message of several lines can look like places itself, so it is cut off as the whole it is. */
function framesOf({ stack = '', message }: Error): string[] {
	const head = STACK_HEAD.exec(stack)?.[0].length ?? 0;
	if (!stack.startsWith(`${message}\n`, head)) return [];
	return stack
		.slice(head + message.length)
		.split('\n')
		.filter((line) => /^\s+at /.test(line))
		.slice(0, MAX_FRAMES)
		.map((line) => line.trim());
}

function allowed(fields: LogFields): LogFields {
	return Object.fromEntries(
		FIELDS.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]]))
	);
}
