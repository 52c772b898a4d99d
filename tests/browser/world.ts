/** The world of a tab, played by hand: time that is wound, and a worker that answers when told. */
import { agreedTime } from '#lib/browser/agreed-time.ts';
import type { FaultCode } from '#lib/browser/fault.ts';
import { Session, type LockReason } from '#lib/browser/session.svelte.ts';
import type { KeyRow } from '#lib/keyholder/views.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeHost } from './fake-host.ts';
import { FakeMemory } from './fake-memory.ts';

/** A session in a world that is played. */
export class World {
	readonly clock = new FakeClock();
	readonly memory = new FakeMemory();
	/** Every worker that was started, in order. */
	readonly hosts: FakeHost[] = [];
	readonly session: Session;
	/** Whether another tab has lent what opens the account. */
	lends = true;
	/** What other tabs were told, as often as this one has locked. */
	readonly toldLocked: LockReason[] = [];
	/** The accounts that other tabs were told of. */
	readonly toldOpened: string[] = [];
	/** By how much the server's clock runs ahead of this device's. */
	serverAheadMs = 0;
	readonly time = agreedTime(this.clock, () =>
		Promise.resolve(this.clock.now() + this.serverAheadMs)
	);
	/** How often other tabs were told that something was written. */
	told = 0;
	rows: readonly KeyRow[] = [];
	/** Whether this device has a memory of the account. */
	known = true;
	/** Of workers that are started: what comes of what another tab has lent. */
	lent: FakeHost['lent'] = 'unlocked';
	/** Whether workers that are started wait before every answer. */
	holding = false;

	/** @param shared whether tabs of this browser can lend each other what opens the account */
	constructor(shared = false) {
		this.session = new Session({
			clock: this.clock,
			memory: this.memory,
			startHost: (onLost) => {
				const host = new FakeHost(onLost);
				host.rows = this.rows;
				host.known = this.known;
				host.lent = this.lent;
				if (this.holding) host.hold();
				this.hosts.push(host);
				return host;
			},
			tellChanged: () => {
				this.told++;
			},
			tellLocked: (reason) => {
				this.toldLocked.push(reason);
			},
			tellOpened: (account) => {
				this.toldOpened.push(account);
			},
			...(shared ? { lends: () => Promise.resolve(this.lends) } : {})
		});
	}

	get host(): FakeHost {
		const host = this.hosts.at(-1);
		if (host === undefined) throw new Error('no worker was started');
		return host;
	}

	async unlock(rows: readonly KeyRow[] = []): Promise<void> {
		this.rows = rows;
		const outcome = await this.session.unlock('ada@example.org', 'right');
		if (outcome !== 'unlocked') throw new Error(`it answered ${outcome}`);
	}

	fail(code: FaultCode): void {
		this.host.fault = { code };
	}
}
