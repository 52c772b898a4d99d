/** The sizes and themes in which every screen is looked at. */
import { LONG } from '../figures.ts';

export interface Form {
	readonly name: string;
	readonly width: number;
	readonly height: number;
	readonly colorScheme: 'light' | 'dark';
}

/** Each width and each theme once is what `npm test` has time for; with pictures all are wanted. */
export const EVERY = LONG || (process.env['KEYHOLD_SCREENSHOTS'] ?? '') !== '';

export const FORMS: readonly Form[] = [
	{ name: '1280-light', width: 1280, height: 800, colorScheme: 'light' },
	{ name: '390-dark', width: 390, height: 844, colorScheme: 'dark' },
	{ name: '320-light', width: 320, height: 640, colorScheme: 'light' },
	...among([
		{ name: '1280-dark', width: 1280, height: 800, colorScheme: 'dark' },
		{ name: '390-light', width: 390, height: 844, colorScheme: 'light' }
	])
];

/** Forms that are not looked at in the short form. */
export function among(forms: readonly Form[]): readonly Form[] {
	return EVERY ? forms : [];
}
