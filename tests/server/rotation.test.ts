/** The switch of a rotation: all of it or nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AccountCommitReply } from '#lib/api/account.ts';
import { VerifyReply } from '#lib/api/auth.ts';
import type { NewPasswordSlot } from '#lib/api/slots.ts';
import { Authenticator } from './authenticator.ts';
import { passwordSlotOf, recoverySlotOf } from './enrolled.ts';
import { Host } from './host.ts';
import {
	codeOf,
	newId,
	newKey,
	parsed,
	Person,
	random,
	secret,
	secretsOf,
	sha256,
	sheet,
	someone
} from './person.ts';
import {
	adopt,
	partOf,
	rotate,
	rotatedVault,
	rotateWhole,
	rotationOf,
	stage,
	type Names,
	type Request
} from './rotating.ts';
import { dumpOf } from './tables.ts';

let host: Host;

beforeAll(async () => {
	host = await Host.open({
		LIMIT_REQUESTS: '100000/m',
		LIMIT_AUTH: '100000/m',
		LIMIT_COMMITS: '100000/m',
		LIMIT_READS: '100000/m',
		LIMIT_REGISTRATIONS_NETWORK: '100000/h'
	});
});

afterAll(async () => {
	await host.remove();
});

/** Someone whose vault holds two sheets and three secrets. */
async function keeper(): Promise<{ person: Person; names: Names }> {
	const person = await someone(host);
	const [sheets, secrets] = [
		[sheet(), sheet()],
		[secret(), secret(), secret()]
	];
	await person.commit(person.commitOf({ sheets, secrets }));
	const names = { sheets: sheets.map(({ id }) => id), secrets: secrets.map(({ item }) => item) };
	return { person, names };
}

async function otherDevice(person: Person): Promise<Person> {
	const other = Object.assign(new Person(host, person.email), person, { cookie: '' });
	await other.signIn();
	return other;
}

describe('a rotation', () => {
	test('replaces slots, manifests, wraps and every record, and goes on with the chains', async () => {
		const { person, names } = await keeper();
		const before = { account: person.accountHead, vault: person.head };
		const key = newKey();
		const password = passwordSlotOf(person, { key });
		const request = rotationOf(person, {
			slots: [password, recoverySlotOf(person, { id: newId(), revision: 1 })],
			settings: random(1_105)
		});
		const part = partOf(person.vault, names);
		await stage(person, request.rotation, part);
		const reply = await parsed(AccountCommitReply, await rotate(person, request));
		expect(reply).toEqual({ outcome: 'stored', seq: 2 });
		const account = await person.getAccount('?after=1');
		expect(account).toMatchObject({
			generation: 2,
			manifest: { seq: 2, blob: request.manifest },
			chain: [],
			vaults: [{ id: person.vault, generation: 2, keyWrap: request.vaults[0]?.keyWrap }],
			settings: request.settings
		});
		expect(account.slots.map(({ id }) => id)).toEqual(request.slots.map(({ id }) => id));
		const vault = await person.getVault('?after=2');
		expect(vault.manifest).toEqual({
			seq: 3,
			generation: 2,
			blob: request.vaults[0]?.manifest
		});
		expect(new Set(vault.sheets)).toEqual(
			new Set(part.sheets.map((each) => ({ ...each, revision: 3 })))
		);
		for (const { item, blob } of part.secrets) {
			const { secrets } = await secretsOf(await person.readSecrets([item]));
			expect(secrets).toEqual([{ item, revision: 3, blob }]);
		}
		adopt(person, request, key);
		const rows = await host.sql('select head from accounts where id = ?', [person.account]);
		expect(new Uint8Array(rows[0]?.['head'] as ArrayBuffer)).toEqual(
			sha256(before.account, sha256(request.manifest))
		);
		expect((await person.commit(person.commitOf({ sheets: [sheet()] }))).outcome).toBe('stored');
		expect((await person.signIn()).wrap).toEqual(password.wrap);
	});

	test('leaves nothing that waited, nothing of old slots, and a row in the log', async () => {
		const { person, names } = await keeper();
		await stage(person, newId(), partOf(person.vault, { sheets: [newId()], secrets: [] }));
		await rotateWhole(person, names);
		for (const table of ['rotations', 'rotation_records']) {
			const rows = await host.sql(`select 1 from ${table} where account = ?`, [person.account]);
			expect(rows, table).toHaveLength(0);
		}
		const slots = await host.sql('select revision from slots where account = ?', [person.account]);
		expect(slots.map(({ revision }) => revision)).toEqual([2, 2]);
		const rows = await host.sql(
			"select 1 from audit where account = ? and event in ('rotated', 'sessions.ended')",
			[person.account]
		);
		expect(rows).toHaveLength(2);
	});

	test('ends all other sessions at once, and this one goes on', async () => {
		const { person, names } = await keeper();
		const other = await otherDevice(person);
		const stolen = person.cookie;
		await rotateWhole(person, names);
		expect((await person.send('/api/v1/account')).status).toBe(200);
		expect((await other.send('/api/v1/account')).status).toBe(401);
		person.cookie = stolen;
		expect((await person.send('/api/v1/account')).status).toBe(401);
	});

	test('makes the old password and the old kit worthless', async () => {
		const { person, names } = await keeper();
		const [key, recoveryKey] = [person.key, person.recoveryKey];
		await rotateWhole(person, names);
		const old = Object.assign(new Person(host), person, { key, recoveryKey, cookie: '' });
		await expect(old.signIn()).rejects.toThrow('401');
		const { account } = await old.challenge({
			locator: Buffer.from(old.locator).toString('base64url'),
			purpose: 1
		});
		expect(account).not.toBe(person.account);
	});

	test('of an account with two vaults switches both', async () => {
		const { person, names } = await keeper();
		const second = { id: newId(), keyWrap: random(117), manifest: random(176) };
		await person.sendAccountCommit(person.accountCommitOf({ vaults: [second] }));
		const head = sha256(new Uint8Array(32), sha256(second.manifest));
		const vaults = [rotatedVault(person), rotatedVault({ vault: second.id, seq: 1, head })];
		const request = rotationOf(person, { vaults });
		await stage(person, request.rotation, partOf(person.vault, names));
		expect((await rotate(person, request)).status).toBe(200);
		const { generation, vaults: listed } = await person.getAccount();
		expect([generation, ...listed.map((vault) => vault.generation)]).toEqual([2, 2, 2]);
	});

	test('keeps the passkeys that it names, which prove as before, and drops the others', async () => {
		const { person, names } = await keeper();
		const [kept, dropped] = [new Authenticator(), new Authenticator()];
		for (const passkey of [kept, dropped]) {
			const commit = person.accountCommitOf({ slots: [passkey.enrolled()] });
			expect((await person.sendAccountCommit(commit, { purpose: 3 })).status).toBe(200);
		}
		const wrap = random(117);
		const request = rotationOf(person);
		request.slots.push({ id: kept.slot, kind: 3, revision: 2, wrap });
		await stage(person, request.rotation, partOf(person.vault, names));
		expect((await rotate(person, request)).status).toBe(200);
		const { slots } = await person.getAccount();
		expect(slots).toHaveLength(3);
		expect(slots).toContainEqual(
			expect.objectContaining({ id: kept.slot, credential: kept.credential, revision: 2 })
		);
		const browser = new Person(host);
		const signIn = async (passkey: Authenticator) => {
			const challenge = await browser.challenge({ passkey: true, purpose: 1 });
			return await browser.verify(passkey.proof(challenge, 1));
		};
		expect((await parsed(VerifyReply, await signIn(kept))).wrap).toEqual(wrap);
		expect((await signIn(dropped)).status).toBe(401);
	});

	test('drops a secret that no sheet lists, and nothing else', async () => {
		const { person, names } = await keeper();
		const stray = secret();
		await person.commit(person.commitOf({ secrets: [stray] }));
		person.listed.delete(stray.item);
		await rotateWhole(person, names);
		const rows = await host.sql('select item from secrets where account = ? order by item', [
			person.account
		]);
		expect(rows.map(({ item }) => item)).toEqual([...names.secrets].sort());
		expect((await person.readSecrets([stray.item])).status).toBe(404);
	});

	test('twice in a row goes up by one each time', async () => {
		const { person, names } = await keeper();
		await rotateWhole(person, names);
		const slots: Request['slots'] = [
			passwordSlotOf(person, { revision: 3 }),
			recoverySlotOf(person, { revision: 3 })
		];
		const request = rotationOf(person, { slots });
		await stage(person, request.rotation, partOf(person.vault, names));
		expect((await rotate(person, request)).status).toBe(200);
		expect((await person.getAccount()).generation).toBe(3);
		expect((await person.getVault()).manifest).toMatchObject({ seq: 4, generation: 3 });
	});

	test('of 2,000 keys replaces them all', async () => {
		const person = await someone(host);
		const sheets = Array.from({ length: 32 }, () => sheet());
		const secrets = Array.from({ length: 2_000 }, () => secret());
		await person.commit(person.commitOf({ sheets, secrets }));
		const items = secrets.map(({ item }) => item);
		const request = rotationOf(person);
		const part = partOf(person.vault, { sheets: sheets.map(({ id }) => id), secrets: items });
		for (let at = 0; at < 2_000; at += 500) {
			const slice = part.secrets.slice(at, at + 500);
			const sent = { ...part, sheets: at === 0 ? part.sheets : [], secrets: slice };
			expect((await stage(person, request.rotation, sent)).status).toBe(204);
		}
		expect((await rotate(person, request)).status).toBe(200);
		const read = await person.readSecrets([items.at(-1) ?? '']);
		expect((await secretsOf(read)).secrets).toEqual([{ ...part.secrets.at(-1), revision: 3 }]);
		const [row] = await host.sql(
			'select sheet_count, secret_count from vaults where account = ? and id = ?',
			[person.account, person.vault]
		);
		expect([row?.[0], row?.[1]]).toEqual([32, 2_000]);
		const old = await host.sql('select 1 from secrets where account = ? and revision < 3', [
			person.account
		]);
		expect(old).toHaveLength(0);
	});
});

/** What is wrong with a rotation that would be good otherwise; `null` stages nothing. */
interface Fault {
	readonly request?: (good: Request, person: Person) => Request;
	readonly names?: (good: Names) => Names | null;
	/** Between the parts and the switch. */
	readonly meanwhile?: (person: Person, good: Request, names: Names) => Promise<unknown>;
}

/** The same switch, whose first vault says that it lists `more` secrets than it does. */
function counting(good: Request, more: number): Request {
	return {
		...good,
		vaults: good.vaults.map((vault) => ({ ...vault, secretCount: vault.secretCount + more }))
	};
}

const FAULTS: Readonly<Record<string, Fault>> = {
	'nothing staged': { names: () => null },
	'a missing secret': {
		names: ({ sheets, secrets }) => ({ sheets, secrets: secrets.slice(1) })
	},
	'a count below what waits': {
		request: (good) => counting(good, -1)
	},
	'a count above what waits': {
		request: (good) => counting(good, 1)
	},
	'a missing sheet': {
		names: ({ sheets, secrets }) => ({ sheets: sheets.slice(1), secrets })
	},
	'a sheet too many': {
		names: ({ sheets, secrets }) => ({ sheets: [...sheets, newId()], secrets })
	},
	'a secret too many': {
		names: ({ sheets, secrets }) => ({ sheets, secrets: [...secrets, newId()] })
	},
	'another secret in the place of one': {
		names: ({ sheets, secrets }) => ({ sheets, secrets: [newId(), ...secrets.slice(1)] })
	},
	'another sheet in the place of one': {
		names: ({ sheets, secrets }) => ({ sheets: [newId(), ...sheets.slice(1)], secrets })
	},
	'a vault too many': {
		request: (good, person) => ({
			...good,
			vaults: [...good.vaults, rotatedVault({ vault: newId(), seq: person.seq, head: person.head })]
		})
	},
	'a vault twice': {
		request: (good) => ({ ...good, vaults: [...good.vaults, ...good.vaults] })
	},
	'no vault': { request: (good) => ({ ...good, vaults: [] }) },
	'a slot with the revision that it has': {
		request: (good, person) => ({
			...good,
			slots: [passwordSlotOf(person, { revision: 1 }), recoverySlotOf(person)]
		})
	},
	'a slot that skips a revision': {
		request: (good, person) => ({
			...good,
			slots: [passwordSlotOf(person), recoverySlotOf(person, { revision: 3 })]
		})
	},
	'a new slot that is not in its first revision': {
		request: (good, person) => ({
			...good,
			slots: [passwordSlotOf(person), recoverySlotOf(person, { id: newId(), revision: 2 })]
		})
	},
	'kinds exchanged': {
		request: (good, person) => ({
			...good,
			slots: [
				passwordSlotOf(person, { id: person.recoverySlot }),
				recoverySlotOf(person, { id: person.passwordSlot })
			]
		})
	},
	'a passkey that is not there': {
		request: (good) => ({
			...good,
			slots: [...good.slots, { id: newId(), kind: 3, revision: 1, wrap: random(117) }]
		})
	},
	'another head of the account': {
		request: (good) => ({ ...good, expected: { ...good.expected, head: random(32) } })
	},
	'another seq of the account': {
		request: (good) => ({ ...good, expected: { ...good.expected, seq: 7 } })
	},
	'another head of the vault': {
		request: (good) => ({
			...good,
			vaults: good.vaults.map((vault) => ({
				...vault,
				expected: { ...vault.expected, head: random(32) }
			}))
		})
	},
	"a second device's write to the account in between": {
		meanwhile: async (person) => {
			const other = await otherDevice(person);
			await other.commitAccount(random(1_105));
		}
	},
	"a second device's write to the vault in between": {
		meanwhile: async (person) => {
			const other = await otherDevice(person);
			await other.commit(other.commitOf({ secrets: [secret()] }));
		}
	},
	"a second device's edit of a staged secret in between": {
		meanwhile: async (person, _good, { secrets: [item] }) => {
			const other = await otherDevice(person);
			await other.commit(other.commitOf({ secrets: [secret(item)] }));
		}
	},
	'settings that would be lost': {
		meanwhile: async (person, good) => {
			await person.commitAccount(random(1_105));
			Object.assign(good, rotationOf(person, { rotation: good.rotation }));
		}
	}
};

describe('a rotation with', () => {
	test.each(Object.entries(FAULTS))(
		'%s changes nothing, and says where all stands',
		async (_, fault) => {
			const { person, names } = await keeper();
			const good = rotationOf(person);
			const staged = fault.names === undefined ? names : fault.names(names);
			if (staged !== null) await stage(person, good.rotation, partOf(person.vault, staged));
			await fault.meanwhile?.(person, good, names);
			const before = await dumpOf(host);
			const other = await otherDevice(person);
			const response = await rotate(person, fault.request?.(good, person) ?? good);
			expect(response.status).toBe(409);
			const reply = await parsed(AccountCommitReply, response);
			if (reply.outcome === 'stored') throw new Error('stored');
			expect(reply.head.generation).toBe(1);
			expect(await dumpOf(host)).toEqual(before);
			expect((await other.send('/api/v1/account')).status).toBe(200);
		}
	);

	test("another account's vault or parts changes nothing of either", async () => {
		const [{ person, names }, owner] = [await keeper(), await keeper()];
		const foreign = rotationOf(person, {
			vaults: [rotatedVault(person), rotatedVault(owner.person)]
		});
		await stage(person, foreign.rotation, partOf(person.vault, names));
		const stolen = rotationOf(person);
		await stage(owner.person, stolen.rotation, partOf(owner.person.vault, names));
		const before = await dumpOf(host);
		expect((await rotate(person, foreign)).status).toBe(409);
		expect((await rotate(person, stolen)).status).toBe(409);
		expect(await dumpOf(host)).toEqual(before);
	});

	test.each<[string, (person: Person) => Request['slots']]>([
		[
			'two passwords',
			(person) => [passwordSlotOf(person), passwordSlotOf(person, { id: newId(), revision: 1 })]
		],
		[
			'no password',
			(person) => [recoverySlotOf(person), { id: newId(), kind: 3, revision: 2, wrap: random(117) }]
		],
		[
			'two kits',
			(person) => [
				passwordSlotOf(person),
				recoverySlotOf(person),
				recoverySlotOf(person, { id: newId(), revision: 1 })
			]
		],
		[
			'one slot twice',
			(person) => [passwordSlotOf(person), recoverySlotOf(person, { id: person.passwordSlot })]
		]
	])('%s is malformed', async (_name, slots) => {
		const { person, names } = await keeper();
		const request = rotationOf(person, { slots: slots(person) });
		await stage(person, request.rotation, partOf(person.vault, names));
		const before = await dumpOf(host);
		const response = await rotate(person, request);
		expect(await codeOf(response)).toBe('malformed');
		expect(await dumpOf(host)).toEqual(before);
	});

	test.each<[string, (person: Person) => NewPasswordSlot]>([
		['its own', (person) => passwordSlotOf(person, { revision: 3 })],
		['a new', (person) => passwordSlotOf(person, { id: newId(), revision: 1 })]
	])('a cheaper profile in %s slot is malformed', async (_name, cheaper) => {
		const { person, names } = await keeper();
		const key = newKey();
		const dearer = person.accountCommitOf({
			slots: [passwordSlotOf(person, { key, profile: 2 })]
		});
		expect((await person.sendAccountCommit(dearer, { purpose: 3 })).status).toBe(200);
		person.key = key;
		const request = rotationOf(person, { slots: [cheaper(person), recoverySlotOf(person)] });
		await stage(person, request.rotation, partOf(person.vault, names));
		const before = await dumpOf(host);
		expect(await codeOf(await rotate(person, request))).toBe('malformed');
		expect(await dumpOf(host)).toEqual(before);
	});

	test.each([{ purpose: 3 }, { purpose: 2 }, { purpose: 4, key: newKey() }])(
		'the proof %o is refused',
		async (by) => {
			const { person, names } = await keeper();
			const request = rotationOf(person);
			await stage(person, request.rotation, partOf(person.vault, names));
			const before = await dumpOf(host);
			expect(await codeOf(await rotate(person, request, { key: person.key, ...by }))).toBe('proof');
			expect(await dumpOf(host)).toEqual(before);
		}
	);
});

describe('two rotations at once', () => {
	test('have one winner, and nothing of the other is left', async () => {
		const { person, names } = await keeper();
		const other = await otherDevice(person);
		const tries = await Promise.all(
			[person, other].map(async (device) => {
				const request = rotationOf(device);
				const part = partOf(device.vault, names);
				await stage(device, request.rotation, part);
				return { device, request, part };
			})
		);
		const answers = await Promise.all(tries.map(({ device, request }) => rotate(device, request)));
		const winner = tries[answers.findIndex(({ status }) => status === 200)];
		expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
		if (winner === undefined) throw new Error('no winner');
		const { manifest, sheets } = await winner.device.getVault();
		expect(manifest.blob).toEqual(winner.request.vaults[0]?.manifest);
		expect(new Set(sheets)).toEqual(
			new Set(winner.part.sheets.map((each) => ({ ...each, revision: 3 })))
		);
	});
});
