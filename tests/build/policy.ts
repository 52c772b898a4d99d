/** The content security policy that the built server must send: its own words, not the server's. */
import { createHash } from 'node:crypto';

/** The policy, with the hash of the one script that stands in `page`. */
export function policyFor(page: string): string {
	const [, script = ''] = /<script>([\s\S]*?)<\/script>/.exec(page) ?? [];
	const hash = createHash('sha256').update(script).digest('base64');
	return [
		"default-src 'none'",
		`script-src 'self' 'wasm-unsafe-eval' 'sha256-${hash}'`,
		"style-src 'self'",
		"style-src-attr 'unsafe-hashes' 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo=' 'sha256-iaOezIDcQIoxCULa6FBKKuLUu09R7kG+Mlu+JVfU3Rw='",
		"img-src 'self' data:",
		"font-src 'self'",
		"connect-src 'self'",
		"worker-src 'self'",
		"manifest-src 'self'",
		"object-src 'none'",
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
		"require-trusted-types-for 'script'",
		'trusted-types svelte-trusted-html keyhold-worker'
	].join('; ');
}
