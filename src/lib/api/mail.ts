/** What a mail is addressed to, and what a link in it carries. */
import { bytesOf } from '#lib/api/wire.ts';
import { z } from '#lib/api/zod.ts';
import { LANGUAGES } from '#lib/i18n/languages.ts';

/** As typed; both sides apply the rule of docs/protocol.md, 2, before they use it. */
export const Email = z.string().check(z.minLength(3), z.maxLength(320));

/** The random token of a link: single-use, stored as its hash. It travels in the fragment. */
export const MailToken = bytesOf(32);

/** The languages that mails are written in. */
export const Language = z.literal(LANGUAGES);
export type Language = z.infer<typeof Language>;
