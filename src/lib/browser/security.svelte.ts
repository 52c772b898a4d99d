/** How the account is opened and who has it open: the state of the security pages. */
import { browserClock } from '#lib/browser/clock.ts';
import { pagePasskeys } from '#lib/browser/passkey.ts';
import { SecondFactor } from '#lib/browser/security-factor.svelte.ts';
import { PasskeyToAdd } from '#lib/browser/security-passkey.svelte.ts';
import type { StepUp } from '#lib/browser/security-proof.svelte.ts';
import { RotationWork } from '#lib/browser/security-rotation.svelte.ts';
import { SessionList } from '#lib/browser/security-sessions.svelte.ts';
import { WaysIn } from '#lib/browser/security-ways.svelte.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import { randomBytes } from '#lib/crypto/random.ts';
import type { SlotView } from '#lib/keyholder/views.ts';

export type { SlotView };

export class Security {
	readonly ways: WaysIn;
	readonly passkey: PasskeyToAdd;
	readonly rotation: RotationWork;
	readonly factor: SecondFactor;
	readonly sessions: SessionList;

	constructor(session: Session, stepUp: StepUp) {
		const door = pagePasskeys(randomBytes);
		this.ways = new WaysIn(session, stepUp);
		this.passkey = new PasskeyToAdd(session, stepUp, door);
		this.rotation = new RotationWork(session, stepUp, door, () => browserClock.now());
		this.factor = new SecondFactor(session, stepUp);
		this.sessions = new SessionList(session, stepUp);
	}
}
