import type { Server } from './server.ts';

declare global {
	namespace App {
		interface Locals {
			server: Server;
			/** Reference of this request: 16 hexadecimal characters. */
			number: string;
		}
	}
}

export {};
