/** What keys are called on the keyboard before the person: an Apple one has no Ctrl that acts here. */

/** Asked each time: tests have several browsers. */
function isApple(): boolean {
	return /Mac OS X/.test(navigator.userAgent);
}

/** What is printed on the cap. */
export function keySign(cap: string): string {
	return isApple() ? cap.replace('Ctrl', '⌘') : cap;
}

/** In the words of `aria-keyshortcuts`. */
export function spokenKey<Keys extends string | undefined>(keys: Keys): Keys | string {
	return keys !== undefined && isApple() ? keys.replace('Control', 'Meta') : keys;
}
