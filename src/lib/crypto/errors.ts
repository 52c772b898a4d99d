/** What goes wrong below the protocol's records. The message is for the log: no user data in it. */
export class CryptoError extends Error {
	override readonly name = 'CryptoError';

	/**
	 * `format`: too short to be what it claims. `unsupported`: a suite of another version.
	 * `integrity`: does not open, whatever the cause. `kdf-refused`: a profile outside the table.
	 */
	constructor(
		readonly code: 'format' | 'unsupported' | 'integrity' | 'kdf-refused',
		message: string
	) {
		super(message);
	}
}
