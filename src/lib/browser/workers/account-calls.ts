/**
 * What the page may ask of the worker about the account itself: who gets in, and how it ends. Every
 * call answers with a value or a fault.
 *
 * The PRF result of a passkey comes in here, and the keyholder wipes it; nothing goes out that opens
 * an account, but for the new recovery kit of a rotation, for the person to keep.
 */
import { answer } from '#lib/browser/workers/answer.ts';
import { faultIn } from '#lib/browser/workers/fault-in.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { Keyholder } from '#lib/keyholder/keyholder.ts';
import type {
	Admission,
	NewPasskey,
	PasskeyAnswer,
	RotationStep,
	UnlockStep
} from '#lib/keyholder/views.ts';

type OnStep = (step: UnlockStep) => void;

export class AccountCalls {
	/** Private to the language too: whatever the page can name of this object, it can call. */
	readonly #keyholder: Keyholder;

	constructor(keyholder: Keyholder) {
		this.#keyholder = keyholder;
	}

	prepare(email: string, password: string) {
		return answer(() => this.#keyholder.prepare(email, password), faultIn);
	}

	register(admission?: Admission) {
		return answer(() => this.#keyholder.register(admission), faultIn);
	}

	unlock(email: string, password: string, onStep: OnStep) {
		return answer(() => this.#keyholder.unlock(email, password, onStep), faultIn);
	}

	unlockWithCode(code: string, onStep: OnStep) {
		return answer(() => this.#keyholder.unlockWithCode(code, onStep), faultIn);
	}

	unlockWithKit(email: string, kit: string, link: Bytes | undefined, onStep: OnStep) {
		return answer(() => this.#keyholder.unlockWithKit(email, kit, link, onStep), faultIn);
	}

	askPasskey() {
		return answer(() => this.#keyholder.askPasskey(), faultIn);
	}

	unlockWithPasskey(touched: PasskeyAnswer, onStep: OnStep) {
		return answer(() => this.#keyholder.unlockWithPasskey(touched, onStep), faultIn);
	}

	typeEmail(email: string) {
		return answer(() => this.#keyholder.typeEmail(email), faultIn);
	}

	prove(password: string) {
		return answer(() => this.#keyholder.prove(password), faultIn);
	}

	changePassword(current: string, next: string, code?: string) {
		return answer(() => this.#keyholder.ways.changePassword(current, next, code), faultIn);
	}

	changeEmail(email: string, password: string, code?: string) {
		return answer(() => this.#keyholder.ways.changeEmail(email, password, code), faultIn);
	}

	offerPasskey() {
		return answer(() => this.#keyholder.ways.offerPasskey(), faultIn);
	}

	addPasskey(passkey: NewPasskey, password: string, code?: string) {
		return answer(() => this.#keyholder.ways.addPasskey(passkey, password, code), faultIn);
	}

	renamePasskey(slot: string, name: string) {
		return answer(() => this.#keyholder.ways.renamePasskey(slot, name), faultIn);
	}

	planRotation(choice: Parameters<Keyholder['rotations']['plan']>[0]) {
		return answer(() => this.#keyholder.rotations.plan(choice), faultIn);
	}

	askKeptPasskey(slot: string) {
		return answer(() => this.#keyholder.rotations.askPasskey(slot), faultIn);
	}

	keepPasskey(slot: string, touched: PasskeyAnswer) {
		return answer(() => this.#keyholder.rotations.keepPasskey(slot, touched), faultIn);
	}

	rotate(onStep: (step: RotationStep) => void) {
		return answer(() => this.#keyholder.rotations.run(onStep), faultIn);
	}

	dropRotation() {
		return answer(() => this.#keyholder.rotations.drop(), faultIn);
	}

	lookAtRestore(email: string, password: string, code?: string) {
		return answer(() => this.#keyholder.rotations.lookAtRestore(email, password, code), faultIn);
	}

	acceptRestore(onStep: (step: RotationStep) => void) {
		return answer(() => this.#keyholder.rotations.acceptRestore(onStep), faultIn);
	}

	sessions() {
		return answer(() => this.#keyholder.affairs.sessions(), faultIn);
	}

	endSession(id: string) {
		return answer(() => this.#keyholder.affairs.endSession(id), faultIn);
	}

	endOtherSessions() {
		return answer(() => this.#keyholder.affairs.endOtherSessions(), faultIn);
	}

	secondFactor() {
		return answer(() => this.#keyholder.affairs.secondFactor(), faultIn);
	}

	askSecondFactorSeed() {
		return answer(() => this.#keyholder.affairs.askSecondFactorSeed(), faultIn);
	}

	turnSecondFactorOn(code: string) {
		return answer(() => this.#keyholder.affairs.turnSecondFactorOn(code), faultIn);
	}

	turnSecondFactorOff(code: string) {
		return answer(() => this.#keyholder.affairs.turnSecondFactorOff(code), faultIn);
	}

	reminders() {
		return answer(() => this.#keyholder.notices.reminders(), faultIn);
	}

	setReminders(days: readonly string[]) {
		return answer(() => this.#keyholder.affairs.setReminders(days), faultIn);
	}

	emailChange() {
		return answer(() => this.#keyholder.affairs.emailChange(), faultIn);
	}

	askEmailChange(email: string) {
		return answer(() => this.#keyholder.affairs.askEmailChange(email), faultIn);
	}

	erasure() {
		return answer(() => this.#keyholder.notices.erasure(), faultIn);
	}

	dropAccount() {
		return answer(() => this.#keyholder.affairs.dropAccount(), faultIn);
	}
}
