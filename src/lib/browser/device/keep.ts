/**
 * Asks the browser to keep this device's memory of its accounts when room on the disk runs short.
 * It may refuse; then a device that was shown everything may find itself knowing nothing.
 */

/** @returns whether it will be kept; false too where the browser cannot be asked */
export async function keepStorage(storage: StorageManager | undefined): Promise<boolean> {
	try {
		return (await storage?.persist()) ?? false;
	} catch {
		return false;
	}
}
