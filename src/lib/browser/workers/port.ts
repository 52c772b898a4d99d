/** How a helper worker gets the port through which it is asked. */

/** Waits for the one message from the page that carries a port. */
export function acceptPort(serve: (port: MessagePort) => void): void {
	addEventListener(
		'message',
		({ ports: [port] }) => {
			if (port !== undefined) serve(port);
		},
		{ once: true }
	);
}

/** Gives `worker` its end of a channel and returns the other. */
export function connect(worker: Worker): MessagePort {
	const { port1, port2 } = new MessageChannel();
	worker.postMessage(undefined, [port1]);
	return port2;
}
