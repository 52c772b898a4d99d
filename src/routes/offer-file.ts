/** Hands a file that was made here to the browser's downloads. Nothing goes to the server. */
export function offerFile(file: Blob, name: string): void {
	const url = URL.createObjectURL(file);
	const link = document.createElement('a');
	link.href = url;
	link.download = name;
	link.click();
	// The download has its own hold of the bytes once it began.
	setTimeout(() => {
		URL.revokeObjectURL(url);
	}, 60_000);
}
