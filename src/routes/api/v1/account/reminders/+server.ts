import { routes } from '#lib/api/routes.ts';
import { endpoint } from '#lib/server/endpoint.ts';
import { remindersOf, setReminders } from '#lib/server/reminders.ts';

export const GET = endpoint(routes.reminders, ({ server, account }) =>
	remindersOf(server, account)
);

export const POST = endpoint(routes.setReminders, (member, { days }) => setReminders(member, days));
