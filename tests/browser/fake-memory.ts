/** What a device remembers, for as long as a test. */
import type { Memory, Unseen } from '#lib/browser/device/remembered.ts';

export class FakeMemory implements Memory {
	remembered = '';
	seconds: number[] = [];
	readonly unseenAccounts = new Map<string, Unseen>();

	email(): string {
		return this.remembered;
	}
	rememberEmail(email: string): void {
		this.remembered = email;
	}
	forgetEmail(): void {
		this.remembered = '';
	}
	unseen(account: string): Unseen | undefined {
		return this.unseenAccounts.get(account);
	}
	rememberUnseen(account: string, unseen: Unseen): void {
		this.unseenAccounts.set(account, unseen);
	}
	forgetUnseen(account: string): void {
		this.unseenAccounts.delete(account);
	}
	usualSeconds(): number | undefined {
		return this.seconds.at(-1);
	}
	tookSeconds(seconds: number): void {
		this.seconds.push(seconds);
	}
}
