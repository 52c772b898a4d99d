import { routes } from '#lib/api/routes.ts';
import { writeNote } from '#lib/server/activity.ts';
import { endpoint } from '#lib/server/endpoint.ts';
import { idIn } from '#lib/server/params.ts';

export const POST = endpoint(routes.note, ({ server, account, event }, note) =>
	writeNote(server, account, idIn(event.params.vault), note)
);
