/** A mail server on loopback that keeps what it is given, for tests of what arrives. */
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

const ARRIVES_WITHIN_MS = 60_000;

/** A mail as it came: whom it was handed over for, and what it holds. */
export interface Caught {
	/** Of the envelope, which is what decides where a mail goes. */
	readonly to: readonly string[];
	readonly raw: string;
	readonly mail: Email;
}

export interface SmtpCatcher {
	/** For SMTP_URL. */
	readonly url: string;
	readonly port: number;
	/** Everything that came so far. */
	readonly caught: readonly Caught[];
	/** The oldest mail to `address` that was not taken yet, now or when it comes. */
	next(address: string): Promise<Caught>;
	/** What refuses every mail until it is called again with `undefined`. */
	refuse(code: number | undefined): void;
	stop(): Promise<void>;
}

/** Variables that let a server send its mail there. */
export function smtpVariables({ url }: Pick<SmtpCatcher, 'url'>): Record<string, string> {
	return { SMTP_URL: url, MAIL_FROM: 'Keyhold <keyhold@example.org>' };
}

export async function startSmtp(port = 0): Promise<SmtpCatcher> {
	const caught: Caught[] = [];
	const taken = new Set<Caught>();
	const waiting = new Set<() => void>();
	let refusal: number | undefined;
	const server = new SMTPServer({
		authOptional: true,
		disabledCommands: ['STARTTLS', 'AUTH'],
		onRcptTo: (_address, _session, done) => {
			if (refusal === undefined) done();
			else done(Object.assign(new Error('not now'), { responseCode: refusal }));
		},
		onData: (stream, session, done) => {
			const chunks: Buffer[] = [];
			stream.on('data', (chunk: Buffer) => chunks.push(chunk));
			stream.once('end', () => {
				const raw = Buffer.concat(chunks);
				const to = session.envelope.rcptTo.map(({ address }) => address);
				void PostalMime.parse(raw).then((mail) => {
					caught.push({ to, raw: raw.toString('utf8'), mail });
					done();
					for (const look of waiting) look();
				});
			});
		}
	});
	server.on('error', () => {});
	const listens = await new Promise<number>((resolve) => {
		const listener = server.listen(port, '127.0.0.1', () => {
			const address = listener.address();
			resolve(typeof address === 'object' && address !== null ? address.port : 0);
		});
	});
	const next = (address: string) =>
		new Promise<Caught>((resolve, reject) => {
			const look = () => {
				const found = caught.find((one) => !taken.has(one) && one.to.includes(address));
				if (found === undefined) return;
				clearTimeout(timer);
				waiting.delete(look);
				taken.add(found);
				resolve(found);
			};
			const timer = setTimeout(() => {
				waiting.delete(look);
				const others = caught.map(({ mail: { subject } }) => subject).join(', ');
				reject(new Error(`no mail came to ${address}; there were: ${others}`));
			}, ARRIVES_WITHIN_MS);
			waiting.add(look);
			look();
		});
	return {
		url: `smtp://127.0.0.1:${listens}`,
		port: listens,
		caught,
		next,
		refuse: (code) => {
			refusal = code;
		},
		stop: () =>
			new Promise((resolve) => {
				server.close(() => {
					resolve();
				});
			})
	};
}

/** The addresses in a mail's text and in its HTML. */
export function linksIn({ mail }: Caught): string[] {
	const text = [...(mail.text ?? '').matchAll(/https?:\/\/\S+/g)].map(([link]) => link);
	const html = [...(mail.html ?? '').matchAll(/(?:href|src)="([^"]*)"/g)].map(
		([, link = '']) => link
	);
	return [...text, ...html];
}

/** The one link of a mail. */
export function linkIn(caught: Caught): URL {
	const [link] = new Set(linksIn(caught));
	if (link === undefined) throw new Error(`no link in: ${caught.mail.subject ?? ''}`);
	return new URL(link);
}

/** What the link's fragment carries: the token. */
export function tokenIn(caught: Caught): string {
	return linkIn(caught).hash.replace(/^#(?:invite=)?/, '');
}
