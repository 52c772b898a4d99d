// Sets the chosen theme before the first paint, so that a dark page never flashes light.
// A file of its own, not an inline script: the content security policy allows no inline one.
(() => {
	try {
		const theme = localStorage.getItem('keyhold.theme');
		if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
	} catch {
		// Storage is off: the system's theme holds.
	}
})();
