import { afterEach, describe, expect, test, vi } from 'vitest';
import {
	deviceMemory,
	readLanguage,
	readShownVault,
	readTheme,
	writeLanguage,
	writeShownVault,
	writeTheme
} from '#lib/browser/device/remembered.ts';

function storage(entries = new Map<string, string>()) {
	return {
		getItem: (name: string) => entries.get(name) ?? null,
		setItem: (name: string, text: string) => entries.set(name, text),
		removeItem: (name: string) => entries.delete(name)
	};
}

const forbidden = new Proxy(
	{},
	{
		get() {
			throw new Error('storage is off');
		}
	}
);

afterEach(() => {
	vi.unstubAllGlobals();
});

describe('the language', () => {
	test('is remembered', () => {
		vi.stubGlobal('localStorage', storage());
		expect(readLanguage()).toBeUndefined();
		writeLanguage('ja');
		expect(readLanguage()).toBe('ja');
	});

	test('that the catalogue does not have is none', () => {
		vi.stubGlobal('localStorage', storage(new Map([['keyhold.language', 'nl']])));
		expect(readLanguage()).toBeUndefined();
	});
});

describe('the theme', () => {
	test('is remembered, and the system’s own leaves nothing behind', () => {
		const entries = new Map<string, string>();
		vi.stubGlobal('localStorage', storage(entries));
		writeTheme('dark');
		expect(readTheme()).toBe('dark');
		writeTheme('system');
		expect(readTheme()).toBe('system');
		expect(entries.size).toBe(0);
	});

	test('of somebody else’s making is the system’s', () => {
		vi.stubGlobal('localStorage', storage(new Map([['keyhold.theme', 'pink']])));
		expect(readTheme()).toBe('system');
	});
});

describe('deviceMemory', () => {
	test('remembers the email until it is forgotten', () => {
		vi.stubGlobal('localStorage', storage());
		deviceMemory.rememberEmail('ada@example.org');
		expect(deviceMemory.email()).toBe('ada@example.org');
		deviceMemory.forgetEmail();
		expect(deviceMemory.email()).toBe('');
	});

	test('leans to the newest unlock without believing it alone', () => {
		vi.stubGlobal('localStorage', storage());
		expect(deviceMemory.usualSeconds()).toBeUndefined();
		deviceMemory.tookSeconds(1);
		expect(deviceMemory.usualSeconds()).toBe(1);
		deviceMemory.tookSeconds(2);
		expect(deviceMemory.usualSeconds()).toBe(1.4);
	});

	test('remembers of each account that nobody has confirmed it', () => {
		vi.stubGlobal('localStorage', storage());
		deviceMemory.rememberUnseen('a', 'forgotten');
		expect(deviceMemory.unseen('a')).toBe('forgotten');
		expect(deviceMemory.unseen('b')).toBeUndefined();
		deviceMemory.forgetUnseen('a');
		expect(deviceMemory.unseen('a')).toBeUndefined();
	});

	test('takes no number that cannot be', () => {
		vi.stubGlobal('localStorage', storage(new Map([['keyhold.unlock-seconds', 'NaN']])));
		expect(deviceMemory.usualSeconds()).toBeUndefined();
	});

	test('breaks nothing where storage is off', () => {
		vi.stubGlobal('localStorage', forbidden);
		deviceMemory.rememberEmail('ada@example.org');
		deviceMemory.tookSeconds(1);
		deviceMemory.forgetEmail();
		expect(deviceMemory.email()).toBe('');
		expect(readTheme()).toBe('system');
	});
});

describe('the vault that is listed alone', () => {
	test('is remembered by the tab until all are listed again', () => {
		vi.stubGlobal('sessionStorage', storage());
		writeShownVault('an-id');
		expect(readShownVault()).toBe('an-id');
		writeShownVault(undefined);
		expect(readShownVault()).toBeUndefined();
	});

	test('is forgotten where storage is off', () => {
		vi.stubGlobal('sessionStorage', forbidden);
		writeShownVault('an-id');
		expect(readShownVault()).toBeUndefined();
	});
});
