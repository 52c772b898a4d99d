import { routes } from '#lib/api/routes.ts';
import { askEmailChange, emailChangeOf } from '#lib/server/email-changes.ts';
import { endpoint } from '#lib/server/endpoint.ts';

export const GET = endpoint(routes.emailChange, ({ server, account }) =>
	emailChangeOf(server, account)
);

export const POST = endpoint(routes.askEmailChange, (member, { email }) =>
	askEmailChange(member, email)
);
