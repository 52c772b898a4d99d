/** Whether a stored chain of manifests leads to its head. Norm: docs/protocol.md, 7. */
import { CHAIN_LENGTH } from '#lib/api/limits.ts';
import { equal, type Bytes } from '#lib/encoding/bytes.ts';
import { headOf, NO_HEAD } from '#lib/server/chain.ts';

export interface Chain {
	/** Where the row of the account or vault says that it stands. */
	readonly seq: number;
	readonly head: Bytes;
	/** Of the wrapped manifest in that row; `undefined` if it does not open. */
	readonly manifestHash: Bytes | undefined;
	/** By ascending seq, which jumps where a restore was accepted. */
	readonly links: readonly { readonly seq: number; readonly hash: Bytes }[];
}

interface Walk {
	readonly faults: readonly string[];
	/** False if the beginning is forgotten, as that of a long chain is: only its end was compared. */
	readonly walked: boolean;
}

export function walk({ seq, head, manifestHash, links }: Chain): Walk {
	const [first, last] = [links[0], links.at(-1)];
	const walked = first?.seq === 1;
	const faults: string[] = [];
	if (last?.seq !== seq) {
		faults.push(`the chain ends at seq ${last?.seq ?? 0}, not at ${seq}`);
	} else if (manifestHash !== undefined && !equal(last.hash, manifestHash)) {
		faults.push('the manifest is not the one that the chain ends with');
	}
	if (walked) {
		const reached = links.reduce((prev, { hash }) => headOf(prev, hash), NO_HEAD);
		if (!equal(reached, head)) faults.push('the chain does not lead to the head');
	} else if (seq <= CHAIN_LENGTH) {
		faults.push('the beginning of the chain is missing');
	}
	return { faults, walked };
}
