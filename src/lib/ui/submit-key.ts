/** The key that ends a form of many fields from any of them. */

/** Whether Enter was pressed in `form` with Ctrl, or with the Mac's command key. */
export function asksToSubmit(event: KeyboardEvent, form: HTMLElement | undefined): boolean {
	const here = event.target instanceof Node && form?.contains(event.target) === true;
	return here && event.key === 'Enter' && (event.ctrlKey || event.metaKey);
}
