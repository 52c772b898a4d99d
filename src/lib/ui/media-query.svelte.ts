/** Whether the window fits a media query, for a component that is drawn otherwise then. */

/** To be called while a component is set up; it listens as long as that is there. */
export function mediaQuery(query: string): { readonly fits: boolean } {
	const media = matchMedia(`(${query})`);
	let fits = $state(media.matches);
	$effect(() => {
		const look = () => {
			fits = media.matches;
		};
		look();
		media.addEventListener('change', look);
		return () => {
			media.removeEventListener('change', look);
		};
	});
	return {
		get fits() {
			return fits;
		}
	};
}
