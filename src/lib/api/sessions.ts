/** Where an account is signed in. */
import { Id, UnixMs } from '#lib/api/wire.ts';
import { z } from '#lib/api/zod.ts';

/** `device`: what the browser says it is, such as "Firefox on Linux"; never more than that. */
export const ListedSession = z.strictObject({
	id: Id,
	client: z.literal(['web', 'cli']),
	device: z.string().check(z.maxLength(60)),
	createdAtMs: UnixMs,
	usedAtMs: UnixMs,
	current: z.boolean()
});
export type ListedSession = z.infer<typeof ListedSession>;

export const SessionsReply = z.strictObject({
	sessions: z.array(ListedSession).check(z.maxLength(1_000))
});
export type SessionsReply = z.infer<typeof SessionsReply>;
