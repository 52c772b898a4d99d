declare global {
	namespace App {
		interface PageState {
			/** Set when a key was opened from the list, so that going back returns there. */
			fromList?: boolean;
		}
	}
}

export {};
