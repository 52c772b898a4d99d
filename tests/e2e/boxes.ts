/** What a page shows that does not fit: texts that run out of their box, or are cut. */
import type { Page } from '@playwright/test';

/** One line for each place that is not well. */
export async function misfits(page: Page): Promise<string[]> {
	return await page.evaluate(() => {
		const shown = [...document.querySelectorAll<HTMLElement>('body *')].filter(
			(each) => each.checkVisibility({ opacityProperty: true }) && !isApart(each)
		);
		const usual = ['production', 'staging', 'development'];
		const whole = document.documentElement;
		const sideways = whole.scrollWidth - whole.clientWidth;
		// In the vault, parts of the page scroll and the page does not; a door may be as tall as it likes.
		const down = document.querySelector('.skip') ? whole.scrollHeight - whole.clientHeight : 0;
		return [
			...(sideways > 0 ? [`the page is ${sideways} px too wide`] : []),
			...(down > 0 ? [`the page is ${down} px too tall`] : []),
			...shown.flatMap((each) => {
				const fault = faultOf(each);
				return fault === undefined ? [] : [`${fault}: ${describe(each)}`];
			})
		];

		function faultOf(element: HTMLElement): string | undefined {
			const { display, overflowX, textOverflow } = getComputedStyle(element);
			const hasWidth = display !== 'inline' && display !== 'contents';
			const over = hasWidth ? element.scrollWidth - element.clientWidth : 0;
			if (['auto', 'scroll'].includes(overflowX)) return over > 1 ? 'scrolls sideways' : undefined;
			if (textsOf(element).length === 0) return undefined;
			const { left, right } = element.getBoundingClientRect();
			if (left < -1 || right > innerWidth + 1) return 'outside';
			// A drawing shows nothing beyond its own edge.
			const drawing = element.closest('svg')?.getBoundingClientRect();
			if (drawing !== undefined) {
				return left < drawing.left - 1 || right > drawing.right + 1 ? 'cut' : undefined;
			}
			if (overflowX === 'visible') return hasWidth && runsOut(element) ? 'runs out' : undefined;
			if (over <= 1) return undefined;
			// What a person has named may be as long as they like; words of the program are not cut, nor
			// usual ones.
			const named = element.matches('.one-line:not(.words)');
			const shortened = textOverflow === 'ellipsis' && named && !usual.includes(textOf(element));
			return shortened ? undefined : 'cut';
		}

		function textOf(element: HTMLElement): string {
			return element.innerText.trim();
		}

		/** By its own texts: what is drawn around it for a finger may be larger. */
		function runsOut(element: HTMLElement): boolean {
			const { left, right } = element.getBoundingClientRect();
			const range = document.createRange();
			return textsOf(element).some((text) => {
				range.selectNodeContents(text);
				return [...range.getClientRects()].some((at) => at.left < left - 1 || at.right > right + 1);
			});
		}

		function textsOf(element: HTMLElement): ChildNode[] {
			return [...element.childNodes].filter(
				({ nodeType, textContent }) =>
					nodeType === Node.TEXT_NODE && (textContent ?? '').trim() !== ''
			);
		}

		/** Seen by nobody, not yet in the picture, or in what is there to be scrolled sideways. */
		function isApart(element: HTMLElement): boolean {
			for (let at: HTMLElement | null = element; at !== null; at = at.parentElement) {
				if (getComputedStyle(at).clipPath !== 'none' || at.matches('.skip, [dir=rtl]:not(html)')) {
					return true;
				}
			}
			return false;
		}

		function describe(element: HTMLElement): string {
			const text = element.textContent.trim().replace(/\s+/g, ' ').slice(0, 40);
			return `${element.tagName.toLowerCase()}.${element.getAttribute('class')} “${text}”`;
		}
	});
}

/** Once what follows from a new size or filter is drawn, on the page itself: a list measures itself first. */
export async function drawn(): Promise<void> {
	for (let frame = 0; frame < 3; frame++) {
		await new Promise((resolve) => requestAnimationFrame(resolve));
	}
}

/**
 * Shows the page in a language that is none: read from the right, each word two fifths longer. The
 * function returned shows it as it was.
 */
export async function widened(page: Page): Promise<() => Promise<void>> {
	const kept = await page.evaluateHandle(() => {
		const texts: { readonly node: Node; readonly text: string }[] = [];
		const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		const verbatim = '.mono, .one-line, code, kbd, svg, style, script, option';
		for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
			if (node.parentElement?.closest(verbatim)) continue;
			const text = node.textContent ?? '';
			texts.push({ node, text });
			node.textContent = text.replace(
				/\p{L}+/gu,
				(word) => word + word.slice(0, Math.ceil(word.length * 0.4))
			);
		}
		document.documentElement.dir = 'rtl';
		return texts;
	});
	return async () => {
		await kept.evaluate((texts) => {
			for (const { node, text } of texts) node.textContent = text;
			document.documentElement.dir = 'ltr';
		});
		await kept.dispose();
	};
}
