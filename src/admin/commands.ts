/** The commands that ask the server something: what they ask, and how its events read. */
import type { AdminEvent, AdminRequest, EventOf } from '#lib/server/admin/messages.ts';
import { AdminError, EXIT } from './errors.ts';
import { ask } from './reach.ts';
import { sizeText, table, type Outcome } from './report.ts';
import type { Surroundings } from './surroundings.ts';

export async function accounts(surroundings: Surroundings): Promise<Outcome> {
	const found = (await all(surroundings, { command: 'accounts' })).filter(
		(event) => event.event === 'account'
	);
	const json = found.map(({ email, createdAtMs, sessions, secondFactor, keys, bytes }) => ({
		email: email ?? null,
		createdAt: new Date(createdAtMs).toISOString(),
		sessions,
		secondFactor,
		keys,
		bytes
	}));
	const rows = found.map((account) => [
		account.email ?? '(does not open: run check)',
		new Date(account.createdAtMs).toISOString().slice(0, 'yyyy-mm-dd'.length),
		String(account.sessions),
		account.secondFactor ? 'on' : 'off',
		String(account.keys),
		sizeText(account.bytes)
	]);
	const head = ['EMAIL', 'CREATED', 'SESSIONS', '2ND FACTOR', 'KEYS', 'SIZE'];
	return {
		json: { accounts: json },
		lines: rows.length === 0 ? ['There is no account.'] : table([head, ...rows], new Set([2, 4, 5]))
	};
}

export async function invite(surroundings: Surroundings, email: string): Promise<Outcome> {
	const { url, expiresAtMs, mailed, registration } = await only(
		surroundings,
		{ command: 'invite', email },
		'invitation'
	);
	const expiresAt = new Date(expiresAtMs).toISOString();
	return {
		json: { url, expiresAt, mailed },
		lines: [
			url,
			`For ${email}, once, until ${expiresAt}.${mailed ? ' It is on its way by mail too.' : ''}`,
			...(registration === 'open'
				? ['REGISTRATION is open: nobody needs an invitation to this server.']
				: [])
		]
	};
}

export async function setupCode(surroundings: Surroundings): Promise<Outcome> {
	const { code } = await only(surroundings, { command: 'setup-code' }, 'setup-code');
	return {
		json: { setupCode: code ?? null },
		lines: [
			code ??
				'None is needed: there is an account, or ORIGIN is this machine, or REGISTRATION is closed.'
		]
	};
}

export async function disableSecondFactor(
	surroundings: Surroundings,
	email: string
): Promise<Outcome> {
	const request = { command: 'disable-second-factor', email } as const;
	const { wasOn } = await only(surroundings, request, 'second-factor-off');
	return {
		json: { wasOn },
		lines: [
			wasOn
				? 'The second factor is off, and all sessions of the account have ended.'
				: 'The account has no second factor: nothing was changed.'
		]
	};
}

export async function endSessions(surroundings: Surroundings, email: string): Promise<Outcome> {
	const request = { command: 'end-sessions', email } as const;
	const { count } = await only(surroundings, request, 'sessions-ended');
	return {
		json: { ended: count },
		lines: [`Sessions that were ended: ${count}. The account is signed in nowhere now.`]
	};
}

export async function deleteAccount(
	surroundings: Surroundings,
	email: string,
	yes: boolean
): Promise<Outcome> {
	if (!yes) await confirm(surroundings, email);
	await only(surroundings, { command: 'delete-account', email }, 'account-deleted');
	return {
		json: { deleted: true },
		lines: ['The account is gone, with everything of it. Backups still hold it.']
	};
}

export async function rotateKeys(surroundings: Surroundings): Promise<Outcome> {
	const end = await only(surroundings, { command: 'rotate-keys' }, 'keys-rotated');
	const { values, rewrapped, unopened, first, removable } = end;
	const lines = [
		`${values} values, of which ${rewrapped} were wrapped again: all that open are under ${first} now.`
	];
	if (unopened > 0) {
		lines.push(
			`${unopened} values open with none of the keys. Keep all keys, and run check: it says which.`
		);
	} else if (removable.length === 0) {
		lines.push('It is the only key: there is none to remove.');
	} else {
		lines.push(
			`May be removed from ENCRYPTION_KEYS: ${removable.join(', ')} (all but the first).`,
			'Keep them with the backups that were made before: those need them.'
		);
	}
	return {
		json: { values, rewrapped, unopened, first, removable },
		lines,
		...(unopened > 0 ? { exitCode: EXIT.findings } : {})
	};
}

export async function check(surroundings: Surroundings): Promise<Outcome> {
	const events = await all(surroundings, { command: 'check' });
	const findings = events
		.filter((event) => event.event === 'finding')
		.map(({ where, what }) => ({ where, what }));
	const { accounts: count, values, chains, unwalked, auditRows } = last(events, 'checked');
	const summary = `${count} accounts, ${values} values, ${chains} chains, ${auditRows} rows of the audit log`;
	const forgotten =
		unwalked === 0 ? [] : [`${unwalked} chains are longer than is kept: their ends were compared.`];
	return {
		json: { accounts: count, values, chains, unwalked, auditRows, findings },
		lines: [
			...findings.map(({ where, what }) => `${where}: ${what}`),
			...forgotten,
			findings.length === 0
				? `${summary}: everything is as it must be.`
				: `${summary}: ${findings.length} findings.`
		],
		...(findings.length > 0 ? { exitCode: EXIT.findings } : {})
	};
}

async function confirm(surroundings: Surroundings, email: string): Promise<void> {
	if (!surroundings.interactive) {
		throw new AdminError('input', 'There is no terminal to ask on: say --yes if you mean it.');
	}
	surroundings.err(`This erases the account of ${email}, at once and for good.`);
	if ((await surroundings.ask('Type the email once more: ')) === email) return;
	throw new AdminError('input', 'That is another email: nothing was deleted.');
}

async function all(surroundings: Surroundings, request: AdminRequest): Promise<AdminEvent[]> {
	const events: AdminEvent[] = [];
	let table = '';
	for await (const event of ask(surroundings, request)) {
		if (event.event !== 'progress') events.push(event);
		else if (surroundings.interactive && event.table !== table) {
			table = event.table;
			surroundings.err(`${table} …`);
		}
	}
	return events;
}

async function only<K extends AdminEvent['event']>(
	surroundings: Surroundings,
	request: AdminRequest,
	kind: K
): Promise<EventOf<K>> {
	return last(await all(surroundings, request), kind);
}

function last<K extends AdminEvent['event']>(events: readonly AdminEvent[], kind: K): EventOf<K> {
	const event = events.at(-1);
	if (event?.event !== kind) throw new AdminError('failed', 'The server said nothing of it.');
	return event as EventOf<K>;
}
