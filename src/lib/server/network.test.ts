import { describe, expect, test } from 'vitest';
import { networkOf, siteOf } from '#lib/server/network.ts';

describe('networkOf', () => {
	test.each([
		['192.0.2.77', '192.0.2.0/24'],
		['::ffff:192.0.2.77', '192.0.2.0/24'],
		['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
		['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
		['2001:db8::1', '2001:db8:0:0::/64'],
		['::1', '0:0:0:0::/64'],
		['fe80::1%eth0', 'fe80:0:0:0::/64'],
		['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
		['192.0.2.77:5678', '192.0.2.0/24'],
		['[2001:db8:1:2::1]:5678', '2001:db8:1:2::/64'],
		['[2001:db8:1:2::1]', '2001:db8:1:2::/64'],
		['', 'unknown'],
		['192.0.2', 'unknown'],
		['10.0.0.1, 192.0.2.1', 'unknown'],
		['<script>', 'unknown']
	])('puts %s into %s', (address, network) => {
		expect(networkOf(address)).toBe(network);
	});

	test('counts all addresses of one /64 together', () => {
		expect(networkOf('2001:db8::1')).toBe(networkOf('2001:db8::ffff:ffff:ffff:ffff'));
	});

	test('tells neighbouring networks apart', () => {
		expect(networkOf('2001:db8:0:1::1')).not.toBe(networkOf('2001:db8:0:2::1'));
		expect(networkOf('192.0.2.1')).not.toBe(networkOf('192.0.3.1'));
	});
});

describe('siteOf', () => {
	test.each([
		['2001:db8:1:2::/64', '2001:db8:1::/48'],
		['2001:db8:0:0::/64', '2001:db8:0::/48'],
		['192.0.2.0/24', '192.0.2.0/24'],
		['unknown', 'unknown']
	])('puts %s into %s', (network, site) => {
		expect(siteOf(network)).toBe(site);
	});
});
