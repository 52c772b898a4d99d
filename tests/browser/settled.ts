/** Lets everything go on that waits for nothing but its turn. */
export async function settled(): Promise<void> {
	for (let i = 0; i < 20; i++) await Promise.resolve();
}
