/**
 * What one tab of a browser lends the next one, so that nobody types a password twice: what verifies
 * and opens the account, without what proves. The account key is not in it, and the keys that are
 * derived from it are held by WebCrypto: who takes them can use them, and cannot read them.
 */
import { openingRoutes } from '#lib/api/opening-routes.ts';
import { readSettings } from '#lib/items/settings.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import { run, type Holder } from '#lib/keyholder/holder.ts';
import type { Lent } from '#lib/keyholder/lent.ts';
import type { Link } from '#lib/keyholder/link.ts';
import type { OpenAccount } from '#lib/keyholder/open-account.ts';
import { remember, verifyAll, type OnStep } from '#lib/keyholder/opening.ts';
import type { ResumeOutcome } from '#lib/keyholder/views.ts';
import { encloseKeys } from '#lib/protocol/account-keys.ts';

export class Lending {
	readonly #holder: Holder;

	constructor(holder: Holder) {
		this.#holder = holder;
	}

	/** What another tab may {@link resume} with; undefined while nothing may be lent. */
	async lend(): Promise<Lent | undefined> {
		return await this.#holder.read(({ holding }) => lentOf(holding.open));
	}

	/** Unlocks with what another tab has lent. It proves nothing: what needs a proof asks for it. */
	async resume(lent: Lent, onStep: OnStep = () => undefined): Promise<ResumeOutcome> {
		const link = this.#holder.begin();
		return await run(link.life, async () => {
			const open = await openLent(link, lent, onStep);
			if (open === undefined) return { outcome: 'stale' };
			this.#holder.hold(link, open);
			return { outcome: 'unlocked' };
		});
	}
}

/** @returns undefined while the account's keys are to be replaced before anything is done with it. */
async function lentOf({ typed, state, mustRotate }: OpenAccount): Promise<Lent | undefined> {
	if (mustRotate) return undefined;
	const { account, slot, manifest, settings } = state;
	const { autoLock = {} } = readSettings(settings ?? { v: 1 });
	const { idleMinutes, afterSleep } = autoLock;
	return {
		account,
		generation: manifest.generation,
		slot: { id: slot.id, kind: slot.kind },
		...(typed === undefined
			? {}
			: { typed: { emailAsTyped: typed.emailAsTyped, email: typed.email } }),
		keys: await encloseKeys(state.keys),
		autoLock: {
			...(idleMinutes === undefined ? {} : { idleMinutes }),
			...(afterSleep === undefined ? {} : { afterSleep })
		}
	};
}

/**
 * Opens with what was lent, in the session that this browser has. Everything is fetched and verified
 * as at every unlock, and a device that remembers nothing of the account does not open it so.
 *
 * @returns undefined if the session is of another account, or that one's keys were replaced: these open
 * nothing any more.
 * @throws {KeyholderError} `auth` if the session has ended, `pins-lost` without a pin; and the rest.
 */
async function openLent(
	link: Link,
	{ account, generation, slot, typed, keys }: Lent,
	onStep: OnStep
): Promise<OpenAccount | undefined> {
	onStep({ step: 2 });
	const pin = await link.ports.pins.account(account);
	if (pin === undefined) throw new KeyholderError('pins-lost', 'the pins were erased');
	const served = await link.call(openingRoutes.account, { query: { after: String(pin.seq) } });
	// Somebody has signed in to another account in this browser since.
	if (served.account !== account) return undefined;
	if (served.generation < pin.generation) {
		throw new KeyholderError('rollback', 'an account key from before the pinned one');
	}
	if (served.generation > generation) return undefined;
	const open = await verifyAll(link, { account, slot, keys, typed, pin }, served, onStep);
	await remember(link, open);
	return open;
}
