/**
 * The security headers of every response, static files, refusals and faults included.
 *
 * Norm: docs/threat-model.md, "The network and the browser".
 */

/** Hashes of the two inline styles that libraries set: Kit's route announcer, bits-ui's Command. */
const LIBRARY_STYLES = [
	"'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='",
	"'sha256-iaOezIDcQIoxCULa6FBKKuLUu09R7kG+Mlu+JVfU3Rw='"
];

/** Two years. Without `includeSubDomains`: other names under this one may be somebody else's. */
const HSTS = 'max-age=63072000';

const ALLOWED_FEATURES = [
	'clipboard-write',
	'publickey-credentials-create',
	'publickey-credentials-get'
];

/** Features that browsers know, no more: each unknown name is a warning in the console. */
const REFUSED_FEATURES = [
	'accelerometer',
	'aria-notify',
	'autoplay',
	'browsing-topics',
	'camera',
	'clipboard-read',
	'compute-pressure',
	'cross-origin-isolated',
	'display-capture',
	'encrypted-media',
	'fullscreen',
	'gamepad',
	'geolocation',
	'gyroscope',
	'hid',
	'identity-credentials-get',
	'idle-detection',
	'interest-cohort',
	'keyboard-map',
	'local-fonts',
	'magnetometer',
	'microphone',
	'midi',
	'otp-credentials',
	'payment',
	'picture-in-picture',
	'private-state-token-issuance',
	'private-state-token-redemption',
	'screen-wake-lock',
	'serial',
	'storage-access',
	'sync-xhr',
	'unload',
	'usb',
	'window-management',
	'xr-spatial-tracking'
];

/**
 * @param {readonly string[]} scriptHashes `'sha256-…'` of each inline script of the built pages.
 * @param {boolean} https Whether people reach the server over HTTPS.
 * @returns {Readonly<Record<string, string>>}
 */
export function securityHeaders(scriptHashes, https) {
	return {
		'Content-Security-Policy': contentSecurityPolicy(scriptHashes),
		'Cross-Origin-Embedder-Policy': 'require-corp',
		'Cross-Origin-Opener-Policy': 'same-origin',
		'Cross-Origin-Resource-Policy': 'same-origin',
		'Permissions-Policy': permissionsPolicy(),
		'Referrer-Policy': 'no-referrer',
		'X-Content-Type-Options': 'nosniff',
		'X-Frame-Options': 'DENY',
		// On plain HTTP it means nothing; on localhost it would shut out other local programs.
		...(https ? { 'Strict-Transport-Security': HSTS } : {})
	};
}

/** @param {readonly string[]} scriptHashes */
function contentSecurityPolicy(scriptHashes) {
	return [
		"default-src 'none'",
		// Argon2id is WebAssembly.
		["script-src 'self' 'wasm-unsafe-eval'", ...scriptHashes].join(' '),
		"style-src 'self'",
		["style-src-attr 'unsafe-hashes'", ...LIBRARY_STYLES].join(' '),
		"img-src 'self' data:",
		"font-src 'self'",
		"connect-src 'self'",
		"worker-src 'self'",
		"manifest-src 'self'",
		"object-src 'none'",
		"base-uri 'none'",
		// A password cannot leave by a form, whatever is injected.
		"form-action 'none'",
		"frame-ancestors 'none'",
		"require-trusted-types-for 'script'",
		'trusted-types svelte-trusted-html keyhold-worker'
	].join('; ');
}

function permissionsPolicy() {
	return [
		...ALLOWED_FEATURES.map((feature) => `${feature}=(self)`),
		...REFUSED_FEATURES.map((feature) => `${feature}=()`)
	].join(', ');
}
