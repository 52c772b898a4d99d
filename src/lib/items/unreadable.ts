/** Overviews of other clients that this version cannot read. They are shown as what they are, and kept. */
import { members } from '#lib/items/json.ts';
import { ItemError, type Overview } from '#lib/items/key.ts';
import { parseOverview } from '#lib/items/overview.ts';

export interface ReadOverview {
	readonly overview: Overview;
	/** Then `overview` is a blank with the name, if there is one; what was written is not in it. */
	readonly unreadable?: true;
}

/** One odd key must not lock a vault of ten thousand: what cannot be read is blank, and marked. */
export function readOverview(json: unknown): ReadOverview {
	try {
		return { overview: parseOverview(json) };
	} catch (error) {
		if (!(error instanceof ItemError)) throw error;
		return { overview: blank(nameIn(json)), unreadable: true };
	}
}

function nameIn(json: unknown): string {
	try {
		const { name } = members(json, 'overview');
		return typeof name === 'string' ? name : '';
	} catch {
		return '';
	}
}

function blank(name: string): Overview {
	const none = { envVars: [], tags: [], fields: [] };
	return { v: 1, name, ...none, createdAt: 0, changedAt: 0, status: 'active' };
}
