/**
 * What tabs and the lender say to each other. Each end reads what comes as if a stranger had sent it:
 * what has another form is not heard.
 */
import { isExactly } from '#lib/encoding/exact.ts';
import { isLent, type Lent } from '#lib/keyholder/lent.ts';

/** A page's first word, beside a port for its worker: the name of a lock that it holds while it lives. */
export interface Coming {
	readonly tab: string;
}

/** Its last word: it has ended that worker. Unless `keep`, what that one has lent is taken back. */
export interface Going {
	readonly keep: boolean;
}

/**
 * What the worker of a tab says; only `ask` is answered. `rest`: it is locked, alone.   `withdraw`:
 * it is locked, with all tabs.
 */
export type ToLender =
	{ readonly kind: 'lend'; readonly lent: Lent } | { readonly kind: 'ask' | 'rest' | 'withdraw' };

export interface LenderAnswer {
	readonly lent?: Lent | undefined;
}

const TAB = /^keyhold-tab-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function isComing(said: unknown): said is Coming {
	return isExactly(said, ['tab']) && typeof said['tab'] === 'string' && TAB.test(said['tab']);
}

export function isGoing(said: unknown): said is Going {
	return isExactly(said, ['keep']) && typeof said['keep'] === 'boolean';
}

export function isToLender(said: unknown): said is ToLender {
	if (isExactly(said, ['kind', 'lent'])) return said['kind'] === 'lend' && isLent(said['lent']);
	return (
		isExactly(said, ['kind']) && ['ask', 'rest', 'withdraw'].some((kind) => kind === said['kind'])
	);
}

export function isAnswer(said: unknown): said is LenderAnswer {
	return isExactly(said, [], ['lent']) && (said['lent'] === undefined || isLent(said['lent']));
}
