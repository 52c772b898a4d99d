/** What a row of the providers' table says. */
import { tileOf, type ProviderTile } from '#lib/items/provider-tiles.ts';

export interface Provider extends ProviderTile {
	/** Kept in overviews: never renamed. */
	readonly id: string;
	/** Names of variables, the most usual first. */
	readonly envVars: readonly string[];
	/** Where its keys are made. Opened by the person only, never fetched. */
	readonly keyPage?: string;
	readonly patterns: readonly Pattern[];
	readonly rotation: Rotation;
	/** Variables that are the values of one key, in their order; empty where each is a key of its own. */
	readonly fields: readonly string[];
}

/**
 * How an old key gives way to a new one.   `beside`: both work until the old one is deleted.
 * `grace`: the old one goes on for as long as the person chooses.   `slots`: there are always two, and
 * one is made anew while the other is in use.   `at-once`: the old one ends with the new one.
 */
export type Rotation = 'beside' | 'grace' | 'slots' | 'at-once';

/** One form of a key: `prefix`, then all of `rest`. */
export interface Pattern {
	readonly prefix: string;
	readonly rest: RegExp;
	readonly kind: PatternKind;
}

/**
 * `own`: nobody else's keys look like this.   `shared`: others' do too, so the variable's name goes
 * first.   `named`: nothing about it is special, only the variable's name tells.
 */
export type PatternKind = 'own' | 'shared' | 'named';

export function own(prefix: string, rest: RegExp): Pattern {
	return { prefix, rest, kind: 'own' };
}

export function shared(prefix: string, rest: RegExp): Pattern {
	return { prefix, rest, kind: 'shared' };
}

export function named(rest: RegExp, prefix = ''): Pattern {
	return { prefix, rest, kind: 'named' };
}

/** A row. `page` is an address without its scheme, which is always https. */
export function provider(
	id: string,
	page: string | undefined,
	envVars: readonly string[],
	...patterns: readonly Pattern[]
): Provider {
	const keyPage = page === undefined ? {} : { keyPage: `https://${page}` };
	return { id, ...tileOf(id), envVars, ...keyPage, patterns, rotation: 'beside', fields: [] };
}

/** A row of a provider whose keys have several values. */
export function several(row: Provider, fields: readonly string[]): Provider {
	return { ...row, fields };
}

export function graced(row: Provider): Provider {
	return { ...row, rotation: 'grace' };
}

export function twoSlots(row: Provider): Provider {
	return { ...row, rotation: 'slots' };
}

export function atOnce(row: Provider): Provider {
	return { ...row, rotation: 'at-once' };
}

/** Forms that several providers use. */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
export const HEX_32 = /^[a-f0-9]{32}$/;
export const HEX_40 = /^[a-f0-9]{40}$/;
export const HEX_64 = /^[a-f0-9]{64}$/;
export const ALNUM_32 = /^[A-Za-z0-9]{32}$/;
export const ALNUM_36 = /^[A-Za-z0-9]{36}$/;
export const ALNUM_40 = /^[A-Za-z0-9]{40}$/;
/** Where only the prefix is known for sure. */
export const ANY = /^[\w.~+/=:-]{16,}$/;
