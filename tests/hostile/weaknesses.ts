/**
 * Clients with one check less. A suite that shows that attacks do not work proves nothing if it
 * cannot fail: each of these must make its test red, and still work with an honest server.
 *
 * The product has no switch for any of this. The text of a module is exchanged while the tests are
 * built; a text that is not there exactly once is an error, so that no weakness goes stale.
 */
interface Edit {
	/** Under `src/lib`. */
	readonly module: string;
	readonly genuine: string;
	readonly weak: string;
}

export interface Weakness {
	/** The attack of the threat model that it opens the door to. */
	readonly attack: string;
	/** A client that … */
	readonly client: string;
	/** The file of tests, and the one among them that has to notice. */
	readonly file: string;
	readonly noticedBy: string;
	readonly edits: readonly Edit[];
}

export const WEAKNESSES: readonly Weakness[] = [
	{
		attack: 'H01',
		client: 'derives with whatever profile it is asked for',
		file: 'h01-cost.test.ts',
		noticedBy: 'with profile 0, which is not in the table',
		edits: [
			{
				module: 'keyholder/challenges.ts',
				genuine: '!KDF_PROFILES.has(profile) || profile < (pin?.profile ?? 0)',
				weak: 'profile > 255'
			},
			{
				module: 'protocol/slots.ts',
				genuine: 'if (!KDF_PROFILES.has(profile)) throw',
				weak: 'if (profile > 255) throw'
			}
		]
	},
	{
		attack: 'H01',
		client: 'forgets the profile that it has used',
		file: 'h01-cost.test.ts',
		noticedBy: 'with a profile below the one that this device has used',
		edits: [
			{
				module: 'keyholder/challenges.ts',
				genuine: '|| profile < (pin?.profile ?? 0)',
				weak: ''
			}
		]
	},
	{
		attack: 'H02',
		client: 'leaves the email out of the salt',
		file: 'h02-salt.test.ts',
		noticedBy: 'gives two emails one salt: what is derived from still differs',
		edits: [
			{
				module: 'protocol/slots.ts',
				genuine: "sha256(label('kdf-salt'), new Uint8Array([0, profile]), address, salt)",
				weak: "sha256(label('kdf-salt'), new Uint8Array([0, profile]), salt)"
			}
		]
	},
	{
		attack: 'H03',
		client: 'takes any wrap that opens for the listed one',
		file: 'h03-slot-wraps.test.ts',
		noticedBy:
			'for one of the very same key that nobody listed, as a left-over of another write is',
		edits: [
			{
				module: 'keyholder/account-state.ts',
				genuine: 'equal(own.wrapHash, used.wrapHash)',
				weak: 'true'
			}
		]
	},
	{
		attack: 'H04',
		client: 'does not count the slots',
		file: 'h04-before-rotation.test.ts',
		noticedBy: 'adds one is refused, on unlock and on a look',
		edits: [
			{
				module: 'keyholder/account-state.ts',
				genuine: 'listed.length === served.length',
				weak: 'true'
			}
		]
	},
	{
		attack: 'H05',
		client: 'seals a secret to its vault alone, and compares no hash',
		file: 'h05-swaps.test.ts',
		noticedBy: 'between two items, and claims the revision that the sheet names',
		edits: [
			{
				module: 'keyholder/reading.ts',
				genuine: '(await secretHash(sealed.blob)) === listed',
				weak: 'listed !== undefined'
			},
			{
				module: 'protocol/secrets.ts',
				genuine: 'scope: vault, object: item, revision }',
				weak: 'scope: vault, revision: 1 }'
			}
		]
	},
	{
		attack: 'H06',
		client: 'shows the sheets that it is given',
		file: 'h06-sheets.test.ts',
		noticedBy: 'drops one: refused',
		edits: [
			{
				module: 'keyholder/vault-state.ts',
				genuine: 'ahead(manifest.sheets,',
				weak: 'ahead(manifest.sheets.filter(({ id }) => arrived.has(id) || own.has(id)),'
			},
			{
				module: 'keyholder/vault-state.ts',
				genuine: 'items.size === manifest.itemCount',
				weak: 'true'
			}
		]
	},
	{
		attack: 'H07',
		client: 'has no memory of what it saw',
		file: 'h07-rollback.test.ts',
		noticedBy: 'to last week, consistently: a device that saw more refuses',
		edits: [
			{
				module: 'keyholder/descent.ts',
				genuine: 'else await followed(from, served, chain);',
				weak: 'else { trail.add([from.head, served.head]); return; }'
			}
		]
	},
	{
		attack: 'H08',
		client: 'believes the revision beside a secret',
		file: 'h08-stale.test.ts',
		noticedBy: 'with the value before the last, with its old revision: refused',
		edits: [
			{
				module: 'keyholder/reading.ts',
				genuine: "demand(sealed.revision === revision, 'secret of another revision than listed');",
				weak: ''
			},
			{
				module: 'keyholder/reading.ts',
				genuine: '(await secretHash(sealed.blob)) === listed',
				weak: 'listed !== undefined && revision > 0'
			},
			{
				module: 'keyholder/reading.ts',
				genuine: 'generation, item, revision };',
				weak: 'generation, item, revision: sealed.revision };'
			}
		]
	},
	{
		attack: 'H09',
		client: 'takes settings that are not served for none',
		file: 'h09-unknown.test.ts',
		noticedBy:
			'a server that sends settings missing: refused, not skipped, and none is made instead',
		edits: [
			{
				module: 'keyholder/account-state.ts',
				genuine: 'sealed === settingsHash',
				weak: 'true'
			}
		]
	},
	{
		attack: 'H10',
		client: 'goes on talking after it was lied to',
		file: 'h10-side-doors.test.ts',
		noticedBy: 'the vault that the read catches up with: nothing is sent afterwards',
		edits: [
			{
				module: 'keyholder/holder.ts',
				genuine: 'if (found instanceof KeyholderError && isFinal(found)) life.stop(found);',
				weak: ''
			}
		]
	},
	{
		attack: 'H11',
		client: 'overlooks members that it does not know',
		file: 'h11-additions.test.ts',
		noticedBy: 'a server that adds policy to its answer of /auth/challenge: refused',
		edits: [
			{
				module: 'api/auth.ts',
				genuine: 'export const ChallengeReply = z.strictObject(',
				weak: 'export const ChallengeReply = z.object('
			}
		]
	},
	{
		attack: 'H12',
		client: 'does not count the vaults',
		file: 'h12-foreign-vaults.test.ts',
		noticedBy: 'beside the listed one: refused',
		edits: [
			{
				module: 'keyholder/account-state.ts',
				genuine: 'manifest.vaults.length === served.vaults.length',
				weak: 'true'
			}
		]
	},
	{
		attack: 'H13',
		client: 'takes any vault key for the listed one',
		file: 'h13-vault-keys.test.ts',
		noticedBy: 'wraps of the generation before to an account that is open: refused',
		edits: [
			{
				module: 'keyholder/account-state.ts',
				genuine: 'equal(await sha256(found.keyWrap), listed.keyWrapHash)',
				weak: 'true'
			}
		]
	},
	{
		attack: 'H14',
		client: 'derives for a slot of any kind',
		file: 'h14-reserved.test.ts',
		noticedBy: 'a challenge for a slot of kind 4: refused before anything is derived',
		edits: [
			{
				module: 'keyholder/challenges.ts',
				genuine: 'checkKindIs(reply, SLOT_KIND.password);',
				weak: ''
			}
		]
	},
	{
		attack: 'H15',
		client: 'fetches the address that a key names',
		file: 'h15-requests.test.ts',
		noticedBy: 'a key full of addresses causes no request but those of the interface',
		edits: [
			{
				module: 'keyholder/reading.ts',
				genuine: 'if (listed === undefined) continue;',
				weak: `if (listed === undefined) continue;
				const { url } = listed.overview;
				if (url !== undefined) await holding.link.ports.fetch(url, {}).catch(() => undefined);`
			}
		]
	},
	{
		attack: 'H16',
		client: 'shows the email that the server names',
		file: 'h16-columns.test.ts',
		noticedBy: 'names another email: the one that was typed is shown',
		edits: [
			{
				module: 'keyholder/open-account.ts',
				genuine: "email: typed?.email ?? ''",
				weak: 'email: typed === undefined ? "" : state.servedEmail'
			}
		]
	},
	{
		attack: 'H17',
		client: 'forgets which generation of its key it saw',
		file: 'h17-account-chain.test.ts',
		noticedBy: 'an account key of a generation below the pinned one: refused',
		edits: [
			{
				module: 'keyholder/descent.ts',
				genuine: 'served.generation < (pin?.generation ?? 0)',
				weak: 'false'
			}
		]
	},
	{
		attack: 'H18',
		client: 'looks for its write in a chain that leads nowhere',
		file: 'h18-discarded.test.ts',
		noticedBy: 'after it broke the connection: refused, not called saved',
		edits: [
			{
				module: 'protocol/chain.ts',
				genuine: "demand(chain.length === 0, 'a chain from a manifest to itself');",
				weak: ''
			}
		]
	},
	{
		attack: 'H19',
		client: 'hands a text of the server on',
		file: 'h19-sentences.test.ts',
		noticedBy: 'puts words into a number: none of them comes through',
		edits: [
			{
				module: 'api/client.ts',
				genuine: '/^[0-9a-f]{1,16}$/.test',
				weak: '/./.test'
			}
		]
	},
	{
		attack: 'H20',
		client: 'does not compare the commitment',
		file: 'h20-partition.test.ts',
		noticedBy: 'a wrap that opens under two passwords, committed to another guess: refused',
		edits: [
			{
				module: 'crypto/wrap.ts',
				genuine: '!equal(commitment, wrapped.subarray(SALT_END, COMMITMENT_END))',
				weak: '!equal(commitment, commitment)'
			}
		]
	},
	{
		attack: 'H21',
		client: 'drops members of an answer in silence',
		file: 'h21-parsers.test.ts',
		noticedBy: 'a server that answers about the account with a member named constructor: refused',
		edits: [
			{
				module: 'api/account.ts',
				genuine: 'export const AccountHead = z.strictObject(',
				weak: 'export const AccountHead = z.object('
			}
		]
	},
	{
		attack: 'H22',
		client: 'does not compare the public keys of slots',
		file: 'h22-slots-midway.test.ts',
		noticedBy:
			'when it begins puts its own key into the kit’s slot is refused, and the old state is whole',
		edits: [
			{
				module: 'keyholder/account-state.ts',
				genuine: 'equal(publicKeyOf(found), slot.authPublicKey)',
				weak: 'true'
			}
		]
	},
	{
		attack: 'H23',
		client: 'signs for another slot than it asked for',
		file: 'h23-signatures.test.ts',
		noticedBy: 'another slot: nothing is signed',
		edits: [
			{
				module: 'keyholder/challenges.ts',
				genuine: "demand(reply.slot === id, 'challenge for another slot');",
				weak: ''
			}
		]
	}
];

/** The module as the weakened client has it. @throws {Error} if the text is not there once. */
export function weaken(text: string, { genuine, weak }: Edit): string {
	const parts = text.split(genuine);
	if (parts.length !== 2) throw new Error(`not there exactly once: ${genuine}`);
	return parts.join(weak);
}
