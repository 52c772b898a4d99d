import { describe, expect, test, vi } from 'vitest';
import { keySign, spokenKey } from './key-signs.ts';

const MACS = [
	'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15',
	'Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile Safari/604.1'
];
const OTHERS = [
	'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
	'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36'
];

function on(userAgent: string): void {
	vi.stubGlobal('navigator', { userAgent });
}

describe.each(MACS)('before the keyboard of %s', (agent) => {
	test('Ctrl is the Mac sign', () => {
		on(agent);
		expect(['Ctrl', 'Ctrl Enter', 'c'].map(keySign)).toEqual(['⌘', '⌘ Enter', 'c']);
	});

	test('the command key is read aloud', () => {
		on(agent);
		expect(spokenKey('Control+K')).toBe('Meta+K');
	});
});

describe.each(OTHERS)('before the keyboard of %s', (agent) => {
	test('Ctrl is Ctrl', () => {
		on(agent);
		expect(keySign('Ctrl Enter')).toBe('Ctrl Enter');
		expect(spokenKey('Control+K')).toBe('Control+K');
	});
});

test('what has no key is read without one', () => {
	on(MACS[0] ?? '');
	expect(spokenKey(undefined)).toBeUndefined();
});
