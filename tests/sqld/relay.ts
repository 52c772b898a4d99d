/** A way from a replica to its primary that can be cut, so that the replica trails. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

const LOOPBACK = '127.0.0.1';

export class Relay {
	readonly #open = new Set<Socket>();
	readonly #server = createServer((socket) => {
		this.#pass(socket);
	});
	#cut = false;

	private constructor(readonly target: number) {}

	/** @param target the port that it leads to. */
	static async to(target: number): Promise<Relay> {
		const relay = new Relay(target);
		relay.#server.listen(0, LOOPBACK);
		await once(relay.#server, 'listening');
		return relay;
	}

	get port(): number {
		return (this.#server.address() as AddressInfo).port;
	}

	cut(): void {
		this.#cut = true;
		for (const socket of this.#open) socket.destroy();
	}

	mend(): void {
		this.#cut = false;
	}

	close(): void {
		this.cut();
		this.#server.close();
	}

	#pass(socket: Socket): void {
		if (this.#cut) {
			socket.destroy();
			return;
		}
		const onward = connect(this.target, LOOPBACK);
		for (const [one, other] of [
			[socket, onward],
			[onward, socket]
		] as const) {
			this.#open.add(one);
			one.on('error', () => other.destroy());
			one.on('close', () => {
				this.#open.delete(one);
				other.destroy();
			});
			one.pipe(other);
		}
	}
}
