/**
 * Networks: what an address belongs to for the purpose of counting. One person's connection has
 * many addresses: IPv6 gives everyone at least a /64, IPv4 hands out neighbours of a /24.
 */
import { isIPv4, isIPv6 } from 'node:net';

/** `2001:db8:0:1::/64` or `192.0.2.0/24`; everything that is no address is one network, `unknown`. */
export function networkOf(address: string): string {
	const bare = withoutPort(address).replace(/%.*$/, '');
	const mapped = bare.replace(/^::ffff:(?=\d+\.)/i, '');
	if (isIPv4(mapped)) return `${mapped.split('.').slice(0, 3).join('.')}.0/24`;
	if (isIPv6(bare)) return `${firstGroups(bare).join(':')}::/64`;
	return 'unknown';
}

/**
 * The site that a network is part of: a customer gets up to a /48 of IPv6, which is 65,536 networks
 * for one who wants to be many. Of IPv4 the network itself.
 */
export function siteOf(network: string): string {
	if (!network.endsWith('::/64')) return network;
	return `${network.split(':').slice(0, 3).join(':')}::/48`;
}

/** Some proxies write the port behind: `192.0.2.1:5678`, `[2001:db8::1]:5678`. */
function withoutPort(address: string): string {
	return /^\[(.+)\](?::\d+)?$|^([\d.]+):\d+$/.exec(address)?.slice(1).find(Boolean) ?? address;
}

/** The first four of eight groups, without leading zeros. */
function firstGroups(address: string): string[] {
	const [head = '', tail] = address.toLowerCase().split('::');
	const before = groupsOf(head);
	const after = tail === undefined ? [] : groupsOf(tail);
	const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
	return [...before, ...zeros, ...after].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''));
}

/** An IPv4 ending is two groups; which ones does not matter behind the first four. */
function groupsOf(text: string): string[] {
	if (text === '') return [];
	return text.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]));
}
