/**
 * What the host asks of all accounts, where they are divided among several databases: of one after
 * another, and told as of one. None may be away, or what is told would not be true of all.
 */
import type { AdminEvent, EventOf } from '#lib/server/admin/messages.ts';
import type { Server } from '#lib/server/server.ts';

/** @throws {ServerError} `busy` if one of them is away. */
export async function* ofEach(
	{ shards }: Server,
	ask: (server: Server) => AsyncGenerator<AdminEvent>
): AsyncGenerator<AdminEvent> {
	let sum: EventOf<'checked' | 'keys-rotated'> | undefined;
	for (const [index, server] of shards.all().entries()) {
		const which = shards.several ? `database ${index + 1}, ` : '';
		for await (const event of ask(server)) {
			if (event.event === 'checked') sum = checkedIn(sum, event);
			else if (event.event === 'keys-rotated') sum = rotatedIn(sum, event);
			else yield event.event === 'finding' ? { ...event, where: which + event.where } : event;
		}
	}
	if (sum !== undefined) yield sum;
}

function checkedIn(sum: AdminEvent | undefined, next: EventOf<'checked'>): EventOf<'checked'> {
	if (sum?.event !== 'checked') return next;
	return {
		event: 'checked',
		accounts: sum.accounts + next.accounts,
		values: sum.values + next.values,
		chains: sum.chains + next.chains,
		unwalked: sum.unwalked + next.unwalked,
		auditRows: sum.auditRows + next.auditRows,
		findings: sum.findings + next.findings
	};
}

/** A key may be removed that no database needs. */
function rotatedIn(
	sum: AdminEvent | undefined,
	next: EventOf<'keys-rotated'>
): EventOf<'keys-rotated'> {
	if (sum?.event !== 'keys-rotated') return next;
	return {
		...next,
		values: sum.values + next.values,
		rewrapped: sum.rewrapped + next.rewrapped,
		unopened: sum.unopened + next.unopened,
		removable: next.removable.filter((key) => sum.removable.includes(key))
	};
}
