import { describe, expect, test } from 'vitest';
import { deviceOf } from '#lib/server/device.ts';

const APPLE = 'AppleWebKit/537.36 (KHTML, like Gecko)';

describe('deviceOf', () => {
	test.each([
		['Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', 'Firefox on Linux'],
		[
			`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${APPLE} Chrome/142.0.0.0 Safari/537.36 Edg/142.0`,
			'Edge on Windows'
		],
		[
			`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${APPLE} Chrome/142.0.0.0 Safari/537.36 OPR/125.0`,
			'Opera on Windows'
		],
		[
			`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${APPLE} Chrome/142.0.0.0 Safari/537.36`,
			'Chrome on macOS'
		],
		[
			'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15',
			'Safari on macOS'
		],
		[
			'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
			'Safari on iPhone'
		],
		[
			'Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0 Mobile/15E148 Safari/604.1',
			'Chrome on iPad'
		],
		[
			`Mozilla/5.0 (Linux; Android 15; SM-S931B) ${APPLE} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`,
			'Samsung Internet on Android'
		],
		[`Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${APPLE} Chrome/142.0.0.0`, 'Chrome on ChromeOS'],
		[`Mozilla/5.0 (X11; Linux x86_64) ${APPLE} HeadlessChrome/142.0.0.0`, 'Chrome on Linux'],
		['Firefox/1.0', 'Firefox'],
		['curl/8.5.0', 'Browser'],
		['', 'Browser']
	])('is what "%s" says', (agent, device) => {
		expect(deviceOf(new Headers({ 'user-agent': agent }))).toBe(device);
	});

	test('is a browser where none is named', () => {
		expect(deviceOf(new Headers())).toBe('Browser');
	});

	test('repeats nothing of what was sent', () => {
		const agent = `<script>Firefox/1</script> on Linux ${'x'.repeat(10_000)}`;
		expect(deviceOf(new Headers({ 'user-agent': agent }))).toBe('Firefox on Linux');
	});

	test('looks no further than a browser goes on', () => {
		const agent = `${'Version/'.repeat(64)} Firefox/1 on Linux`;
		expect(deviceOf(new Headers({ 'user-agent': agent }))).toBe('Browser');
	});
});
