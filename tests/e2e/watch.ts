/** Sees what a page does that it must not do. */
import type { BrowserContext, ConsoleMessage, Page } from '@playwright/test';

/** An answer that the program expects, such as a refused password, is an error to the console. */
const REFUSED = /^Failed to load resource: the server responded with a status of (4\d\d|503)/;

/** @returns The faults found so far; it grows. */
export async function watch(
	context: BrowserContext,
	origin: string,
	expectedErrors: readonly RegExp[]
): Promise<string[]> {
	const faults: string[] = [];
	const report = (fault: string) => {
		if (!expectedErrors.some((pattern) => pattern.test(fault))) faults.push(fault);
	};

	// A binding and not a variable of the page: it outlives every navigation.
	await context.exposeBinding('reportViolation', (_source, violation: string) => {
		report(`policy violation: ${violation}`);
	});
	await context.addInitScript(() => {
		const page = window as Window & { reportViolation?: (violation: string) => void };
		document.addEventListener('securitypolicyviolation', (event) => {
			page.reportViolation?.(
				`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`
			);
		});
	});
	context.on('console', (message) => {
		if (message.type() === 'error' && !isAnswer(message, origin)) {
			report(`console: ${message.text()} (${message.location().url})`);
		}
	});
	context.on('request', (request) => {
		if (isOutside(request.url(), origin)) report(`request to another origin: ${request.url()}`);
	});
	const watchPage = (page: Page) => {
		page.on('pageerror', (error) => {
			report(`uncaught: ${error.message}`);
		});
	};
	context.pages().forEach(watchPage);
	context.on('page', watchPage);
	return faults;
}

function isAnswer(message: ConsoleMessage, origin: string): boolean {
	return REFUSED.test(message.text()) && message.location().url.startsWith(`${origin}/api/`);
}

function isOutside(url: string, origin: string): boolean {
	if (/^(data|blob|about):/.test(url)) return false;
	return !url.startsWith(`${origin}/`);
}
