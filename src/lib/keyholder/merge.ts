/** Three-way merge of JSON objects, member by member. */
import { sameJson } from '#lib/keyholder/intents.ts';
import { isObject, type JsonObject } from '#lib/protocol/json.ts';

/**
 * `theirs`, with every member that `mine` added, changed or took away since `base`. Objects are
 * merged within; of anything else that both changed, mine wins.
 */
export function merge(base: JsonObject, mine: JsonObject, theirs: JsonObject): JsonObject {
	const merged: Record<string, JsonObject[string]> = { ...theirs };
	for (const name of new Set([...Object.keys(base), ...Object.keys(mine)])) {
		const [from, to, now] = [base[name], mine[name], theirs[name]];
		if (sameJson(from, to)) continue;
		if (to === undefined) Reflect.deleteProperty(merged, name);
		else if (isObject(to) && isObject(now))
			merged[name] = merge(isObject(from) ? from : {}, to, now);
		else merged[name] = to;
	}
	return merged;
}
