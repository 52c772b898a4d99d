import { describe, expect, test } from 'vitest';
import { defaultProfile, profileFor } from '#lib/keyholder/profile.ts';
import { scriptedLink } from '../../../tests/hostile/scripted-link.ts';

function portsWith(profile?: 1 | 2) {
	return scriptedLink([], profile === undefined ? {} : { defaultProfile: profile }).link.ports;
}

describe('what a password costs', () => {
	test('is what is compiled in, unless a host says another', () => {
		expect(defaultProfile(portsWith())).toBe(1);
		expect(defaultProfile(portsWith(2))).toBe(2);
	});

	test('rises to the default', () => {
		expect(profileFor(portsWith(2), { profile: 1 })).toBe(2);
		expect(profileFor(portsWith(1), { profile: 1 })).toBe(1);
	});

	test('never falls', () => {
		expect(profileFor(portsWith(1), { profile: 2 })).toBe(2);
	});
});
