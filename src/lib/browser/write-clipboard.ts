/** Writing text to the clipboard, also where it is still on its way when the person clicks. */

/**
 * Browsers tie the permission to the click, and some forget it while a value is fetched. Handing
 * over the promise keeps it; where that is not known, the value is awaited.
 *
 * @throws whatever the browser refuses with
 */
export async function writeClipboard(text: Promise<string>): Promise<void> {
	if (typeof ClipboardItem === 'undefined') {
		await navigator.clipboard.writeText(await text);
		return;
	}
	const blob = text.then((plain) => new Blob([plain], { type: 'text/plain' }));
	// Whoever handed the promise over hears of its failure; a browser that refuses never looks at it.
	blob.catch(() => undefined);
	await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })]);
}
