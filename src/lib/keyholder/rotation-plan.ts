/** What a rotation asks of the person: a password, and a new recovery kit to keep. */
import { passwordProof } from '#lib/keyholder/account-key.ts';
import { ActionProof, neededProof } from '#lib/keyholder/action-proof.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { Holding } from '#lib/keyholder/holding.ts';
import type { Wrapping } from '#lib/keyholder/new-slots.ts';
import { enrolKit, enrolPassword, type EnrolledSlot } from '#lib/keyholder/rotation-slots.ts';
import { readTyped, type TypedEmail } from '#lib/keyholder/typed.ts';
import { checkNewPassword } from '#lib/protocol/password.ts';
import { writeKit } from '#lib/protocol/recovery-kit.ts';

export interface RotationChoice {
	/** Of now. */
	readonly password?: string;
	/** If it is to change. There must be one where no password was typed. */
	readonly nextPassword?: string;
}

export interface PlannedSlots {
	readonly next: Wrapping;
	readonly kit: string;
	readonly slots: readonly EnrolledSlot[];
	/** Signs, if a password was typed for it. */
	readonly proof: ActionProof | undefined;
	/** Signs once it is switched. */
	readonly nextProof: ActionProof;
}

/** @returns undefined if it is another password. */
export async function planSlots(
	holding: Holding,
	{ password, nextPassword }: RotationChoice,
	kept: ActionProof | undefined
): Promise<PlannedSlots | undefined> {
	const { typed } = holding.open;
	if (typed === undefined) throw new KeyholderError('no-email', 'the email was not typed');
	const entered = nextPassword ?? password;
	if (entered === undefined) throw new KeyholderError('invalid', 'no password to go on with');
	const fault = nextPassword === undefined ? undefined : checkNewPassword(nextPassword);
	if (fault !== undefined) throw new KeyholderError('invalid', `password is ${fault}`);
	if (password === undefined) {
		neededProof(holding, kept);
		return await enrolled(holding, typed, entered, true, undefined);
	}
	const proof = await proofBy(holding, password);
	if (proof === undefined) return undefined;
	try {
		return await enrolled(holding, typed, entered, nextPassword !== undefined, proof);
	} catch (error) {
		proof.end();
		throw error;
	}
}

async function proofBy(holding: Holding, password: string): Promise<ActionProof | undefined> {
	const proven = await passwordProof(holding, password);
	if (proven === undefined) return undefined;
	proven.keys.kek.fill(0);
	return new ActionProof(proven.slot, proven.keys.signing, holding.link.ports.now());
}

async function enrolled(
	holding: Holding,
	{ emailAsTyped }: TypedEmail,
	password: string,
	renewed: boolean,
	proof: ActionProof | undefined
): Promise<PlannedSlots> {
	const { link, open } = holding;
	const { account, generation } = open.state.manifest;
	const accountKey = link.ports.random(32);
	const next = { account, generation: generation + 1, accountKey };
	const r20 = link.ports.random(20);
	try {
		const kit = await enrolKit(link, next, open.state, r20);
		const typed = readTyped(emailAsTyped, password);
		const entered = await enrolPassword(link, next, open.state, typed, renewed);
		const slots = [entered, kit];
		return { next, kit: await writeKit(r20), slots, proof, nextProof: entered.proof };
	} catch (error) {
		accountKey.fill(0);
		throw error;
	} finally {
		r20.fill(0);
	}
}
