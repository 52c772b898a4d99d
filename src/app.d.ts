declare global {
	namespace App {
		interface PageState {
			/** The recovery kit of a new account is on screen; going back shows the form again. */
			kit?: boolean;
			/** A key was opened from the list, so going back returns there. */
			fromList?: boolean;
		}
	}
}

export {};
