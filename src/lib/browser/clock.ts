/** Time, passed in: a test winds it by hand. */

export interface Clock {
	/** Milliseconds since 1970. */
	now(): number;
	/** Runs `action` once after `ms`; the function returned calls it off. */
	after(ms: number, action: () => void): () => void;
	/** Runs `action` again and again; the function returned ends it. */
	every(ms: number, action: () => void): () => void;
}

/** The browser's own time. */
export const browserClock: Clock = {
	now: () => Date.now(),
	after(ms, action) {
		const timer = setTimeout(action, ms);
		return () => {
			clearTimeout(timer);
		};
	},
	every(ms, action) {
		const timer = setInterval(action, ms);
		return () => {
			clearInterval(timer);
		};
	}
};
