/** Many at once: one wins, and nothing of the others is left. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { VaultHead } from '#lib/api/vaults.ts';
import { Host } from './host.ts';
import { codeOf, parsed, Person, random, secret, sha256, sheet, someone } from './person.ts';

let host: Host;

beforeAll(async () => {
	host = await Host.open({ LIMIT_REQUESTS: '100000/m', LIMIT_COMMITS: '100000/m' });
});

afterAll(async () => {
	await host.remove();
});

describe('a hundred commits on one head', () => {
	test('one is stored; the others are told the new head, and leave nothing', async () => {
		const person = await someone(host);
		const requests = Array.from({ length: 100 }, () =>
			person.commitOf({ sheets: [sheet()], secrets: [secret()] })
		);
		const replies = await Promise.all(requests.map((request) => person.commit(request)));
		const winner = replies.findIndex(({ outcome }) => outcome === 'stored');
		expect(replies.filter(({ outcome }) => outcome === 'stored')).toHaveLength(1);
		for (const reply of replies) {
			if (reply.outcome === 'stored') continue;
			expect(reply.head.manifest.blob).toEqual(requests[winner]?.manifest);
			expect(reply.head.sheets.map(({ id }) => id)).toEqual(
				requests[winner]?.sheets.map(({ id }) => id)
			);
		}
		const [row] = await host.sql(
			'select (select count(*) from sheets), (select count(*) from secrets), (select max(seq) from vault_chain)'
		);
		expect([row?.[0], row?.[1], row?.[2]]).toEqual([1, 1, 2]);
	});

	test('twenty writers that try again until they are through lose nothing', async () => {
		const person = await someone(host);
		const write = async () => {
			const mine = sheet();
			let { seq, head } = person;
			for (;;) {
				const request = { ...person.commitOf({ sheets: [mine] }), expected: { seq, head } };
				const reply = await person.commit(request);
				if (reply.outcome === 'stored') return mine.id;
				const { manifest, chain } = reply.head;
				head = [...chain, sha256(manifest.blob)].reduce((at, hash) => sha256(at, hash), head);
				seq = manifest.seq;
			}
		};
		const written = await Promise.all(Array.from({ length: 20 }, write));
		const { manifest, sheets } = await person.getVault();
		expect(manifest.seq).toBe(21);
		expect(new Set(sheets.map(({ id }) => id))).toEqual(new Set(written));
	});

	test('of the account: one is stored', async () => {
		const person = await someone(host);
		const tries = Array.from({ length: 20 }, () => person.commitAccount(random(1_105)));
		const outcomes = (await Promise.all(tries)).map(({ outcome }) => outcome);
		expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1);
	});
});

describe('a commit', () => {
	test('on the right seq and another head is a conflict', async () => {
		const person = await someone(host);
		const request = person.commitOf();
		const reply = await person.commit({ ...request, expected: { seq: 1, head: random(32) } });
		expect(reply.outcome).toBe('conflict');
	});

	test('answered with a conflict has the status 409 and everything since the expected seq', async () => {
		const person = await someone(host);
		const stale = { seq: person.seq, head: person.head };
		for (let i = 0; i < 3; i++) await person.commit(person.commitOf({ sheets: [sheet()] }));
		const reply = await person.commit({ ...person.commitOf(), expected: stale });
		if (reply.outcome !== 'conflict') throw new Error('stored');
		expect(reply.head.chain).toHaveLength(2);
		expect(reply.head.sheets).toHaveLength(3);
	});

	test('drops and writes in one', async () => {
		const person = await someone(host);
		const [old, kept] = [sheet(), sheet()];
		const gone = secret();
		await person.commit(person.commitOf({ sheets: [old, kept], secrets: [gone] }));
		const again = sheet(kept.id);
		await person.commit(
			person.commitOf({ sheets: [again], droppedSheets: [old.id], droppedSecrets: [gone.item] })
		);
		expect((await person.getVault()).sheets).toEqual([{ ...again, revision: 3 }]);
		expect((await person.readSecrets([gone.item])).status).toBe(404);
	});

	test('of more than a vault may hold is refused whole', async () => {
		const person = await someone(host);
		const change = { secretCount: 19_999 };
		await host.sql(
			`insert into secrets with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
			 select ?, ?, printf('%021dA', i), 1, x'00' from n`,
			[change.secretCount, person.account, person.vault]
		);
		expect((await person.commit(person.commitOf({ secrets: [secret()] }))).outcome).toBe('stored');
		const over = person.commitOf({ secrets: [secret()] });
		await expect(person.commit(over)).rejects.toThrow('413');
		expect((await person.getVault()).manifest.seq).toBe(2);
	});
});

describe('registering one email twenty times at once', () => {
	test('makes one account', async () => {
		const email = 'ada@example.org';
		const people = Array.from({ length: 20 }, (_, index) => {
			return new Person(host, index % 2 === 0 ? email : `  ADA@example.org`);
		});
		const answers = await Promise.all(people.map((person) => person.register()));
		expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
		const losers = answers.filter(({ status }) => status !== 200);
		for (const loser of losers) expect(await codeOf(loser)).toBe('taken');
		const winner = people[answers.findIndex(({ status }) => status === 200)];
		const rows = await host.sql('select account from slots where account = ?', [
			winner?.account ?? ''
		]);
		expect(rows).toHaveLength(2);
		const others = people.filter((person) => person !== winner).map(({ account }) => account);
		for (const account of others) {
			expect(await host.sql('select 1 from vaults where account = ?', [account])).toHaveLength(0);
		}
	});
});

describe('reading while writing', () => {
	test('gives one state: every sheet fits the manifest that it came with', async () => {
		const person = await someone(host);
		const id = sheet().id;
		const reads: Promise<Response>[] = [];
		for (let i = 0; i < 20; i++) {
			const written = person.commit(person.commitOf({ sheets: [sheet(id)] }));
			reads.push(person.send(`/api/v1/vaults/${person.vault}`));
			await written;
		}
		for (const response of await Promise.all(reads)) {
			const { manifest, sheets } = await parsed(VaultHead, response);
			expect(sheets.map(({ revision }) => revision)).toEqual(
				manifest.seq === 1 ? [] : [manifest.seq]
			);
		}
	});
});
