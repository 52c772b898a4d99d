/** What the host's command hears from a server. */
import type { AdminEvent, AdminRequest, EventOf } from '#lib/server/admin/messages.ts';
import { perform } from '#lib/server/admin/perform.ts';
import type { Host } from './host.ts';

export async function eventsOf(host: Host, request: AdminRequest): Promise<AdminEvent[]> {
	const events: AdminEvent[] = [];
	for await (const event of perform(host.server, request)) events.push(event);
	return events;
}

/** The last event, which must be of that kind. */
export async function lastOf<K extends AdminEvent['event']>(
	host: Host,
	request: AdminRequest,
	kind: K
): Promise<EventOf<K>> {
	const event = (await eventsOf(host, request)).at(-1);
	if (event?.event !== kind) throw new Error(`heard ${JSON.stringify(event)}`);
	return event as EventOf<K>;
}
