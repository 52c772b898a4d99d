import { describe, expect, test } from 'vitest';
import { PROVIDERS } from '#lib/items/provider-table.ts';
import { candidatesFor, detect, providerById, providerOfVariable } from '#lib/items/providers.ts';

/** Samples are put together at run time: the repository holds nothing that looks like a key. */
const LOWER = 'abcdefghijklmnopqrstuvwxyz0123456789';
const MIXED = 'aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uVwXyZ';
const LETTERS = 'aBcDeFgHiJkLmNoPqRsTuVwXyZ';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const HEX = '0123456789abcdef';
const UUID = [hex(8), hex(4), hex(4), hex(4), hex(12)].join('-');

function take(alphabet: string, length: number): string {
	return alphabet.repeat(Math.ceil(length / alphabet.length)).slice(0, length);
}
function hex(length: number): string {
	return take(HEX, length);
}
function mixed(length: number): string {
	return take(MIXED, length);
}
function join(...parts: string[]): string {
	return parts.join('');
}

const MARK = ['T3Blbk', 'FJ'].join('');

/** Of each provider whose keys tell whose they are: what one looks like. */
const SAMPLES: readonly (readonly [id: string, value: string])[] = [
	['openai', join('sk-', 'proj-', mixed(60), MARK, mixed(60))],
	['openai', join('sk-', 'svcacct-', mixed(58), MARK, mixed(74))],
	['openai', join('sk-', mixed(20), MARK, mixed(20))],
	['anthropic', join('sk-', 'ant-', 'api03-', mixed(93), 'AA')],
	['anthropic', join('sk-', 'ant-', 'admin01-', mixed(93), 'AA')],
	['openrouter', join('sk-', 'or-', 'v1-', hex(64))],
	['langfuse', join('sk-', 'lf-', UUID)],
	['langfuse', join('pk-', 'lf-', UUID)],
	['stripe', join('sk_', 'live_', mixed(24))],
	['stripe', join('rk_', 'test_', mixed(24))],
	['stripe', join('pk_', 'live_', mixed(24))],
	['stripe', join('wh', 'sec_', mixed(32))],
	['elevenlabs', join('sk_', hex(48))],
	['airtable', join('pat', mixed(14), '.', hex(64))],
	['hubspot', join('pat-', 'na1-', UUID)],
	['twilio', join('SK', hex(32))],
	['twilio', join('AC', hex(32))],
	['mailgun', join('key-', hex(32))],
	['google-ai', join('AI', 'za', mixed(35))],
	['google-cloud', join('GOC', 'SPX-', mixed(28))],
	['aws', join('AK', 'IA', take(UPPER, 16))],
	['aws', join('AS', 'IA', take(UPPER, 16))],
	['azure', join('a~1', '8Q~', mixed(31))],
	['github', join('gh', 'p_', mixed(36))],
	['github', join('github_', 'pat_', mixed(82))],
	['gitlab', join('gl', 'pat-', mixed(20))],
	['huggingface', join('h', 'f_', take(LETTERS, 34))],
	['groq', join('gs', 'k_', mixed(52))],
	['xai', join('xa', 'i-', mixed(80))],
	['perplexity', join('pp', 'lx-', mixed(48))],
	['replicate', join('r', '8_', mixed(37))],
	['nvidia', join('nv', 'api-', mixed(64))],
	['langsmith', join('ls', 'v2_pt_', hex(32), '_', hex(10))],
	['pinecone', join('pc', 'sk_', mixed(6), '_', mixed(63))],
	['tavily', join('tv', 'ly-dev-', mixed(32))],
	['apify', join('apify_', 'api_', mixed(36))],
	['databricks', join('da', 'pi', hex(32))],
	['netlify', join('nf', 'p_', mixed(36))],
	['fly', join('fo', '1_', mixed(43))],
	['heroku', join('HR', 'KU-AA', mixed(58))],
	['digitalocean', join('dop', '_v1_', hex(64))],
	['supabase', join('sb', 'p_', take(LOWER, 40))],
	['clickhouse', join('4b', '1d', mixed(38))],
	['square', join('sq0', 'atp-', mixed(22))],
	['plaid', join('access-', 'sandbox-', UUID)],
	['shopify', join('shp', 'at_', hex(32))],
	['linear', join('lin_', 'api_', mixed(40))],
	['notion', join('nt', 'n_', take('0123456789', 11), mixed(35))],
	['figma', join('fi', 'gd_', mixed(40))],
	['atlassian', join('ATA', 'TT3', mixed(186))],
	['postman', join('PM', 'AK-', hex(24), '-', hex(34))],
	['slack', join('xo', 'xb-', '123456789012-', mixed(24))],
	['slack', join('https://hooks.', 'slack.com/services/', 'T0/B0/', mixed(24))],
	['telegram', join('123456789', ':', mixed(35))],
	['sendgrid', join('S', 'G.', mixed(22), '.', mixed(43))],
	['mailchimp', join(hex(32), '-us', '21')],
	['brevo', join('xkey', 'sib-', hex(64), '-', take(LOWER, 16))],
	['sentry', join('sntr', 'yu_', hex(64))],
	['newrelic', join('NR', 'AK-', take(LOWER, 27))],
	['grafana', join('gl', 'sa_', mixed(32), '_', hex(8))],
	['posthog', join('ph', 'x_', mixed(43))],
	['npm', join('np', 'm_', mixed(36))],
	['pypi', join('py', 'pi-', 'AgEIcHlwaS5vcmc', mixed(60))],
	['rubygems', join('ruby', 'gems_', hex(48))],
	['docker', join('dckr_', 'pat_', mixed(27))],
	['circleci', join('CCI', 'PAT_', mixed(22), '_', hex(40))],
	['buildkite', join('bk', 'ua_', take(LOWER, 40))],
	['terraform', join(take(LOWER, 14), '.atlas', 'v1.', mixed(64))],
	['pulumi', join('pu', 'l-', hex(40))],
	['vault', join('hv', 's.', mixed(95))],
	['doppler', join('dp.', 'pt.', mixed(43))],
	['age', join('AGE-SECRET-', 'KEY-1', take('QPZRY9X8GF2TVDW0', 58))],
	['tailscale', join('ts', 'key-auth-', mixed(20))],
	['launchdarkly', join('sd', 'k-', UUID)],
	['prefect', join('pn', 'u_', mixed(36))],
	['octopus', join('AP', 'I-', take(UPPER, 26))],
	['mongodb', join('mongo', 'db+srv://', 'user:word', '@cluster.example.org')],
	['aws-bedrock', join('AB', 'SK', mixed(120), '=')],
	['cloudflare', join('cf', 'ut_', mixed(40), hex(8))],
	['planetscale', join('pscale_', 'tkn_', mixed(43))],
	['mapbox', join('sk.', 'eyJ', mixed(60), '.', mixed(22))],
	['onepassword', join('ops_', 'eyJ', mixed(200))],
	['typeform', join('tf', 'p_', mixed(44), '_', mixed(14))],
	['resend', join('r', 'e_', mixed(8), '_', mixed(24))],
	['huggingface', join('api_', 'org_', take(LETTERS, 34))],
	['together', join('tgp_', 'v1_', mixed(43))],
	['fireworks', join('f', 'w_', mixed(24))],
	['cerebras', join('cs', 'k-', take(LOWER, 48))],
	['jina', join('ji', 'na_', hex(32), mixed(28))],
	['firecrawl', join('f', 'c-', hex(32))],
	['render', join('rn', 'd_', mixed(28))],
	['neon', join('na', 'pi_', take(LOWER, 64))],
	['scaleway', join('SC', 'W', take(UPPER, 17))],
	['alibaba', join('LT', 'AI', mixed(20))],
	['infracost', join('ic', 'o-', mixed(32))],
	['defined', join('dn', 'key-', mixed(26), '-', mixed(52))],
	['bitbucket', join('AT', 'BB', mixed(32))],
	['cargo', join('ci', 'o', mixed(32))],
	['sonar', join('sq', 'p_', hex(40))],
	['sourcegraph', join('sg', 'p_', hex(16), '_', hex(40))],
	['dynatrace', join('dt0', 'c01.', take(UPPER, 24), '.', take(UPPER, 64))],
	['honeycomb', join('hc', 'aik_', take(LOWER, 58))],
	['readme', join('rd', 'me_', take(LOWER, 70))],
	['paddle', join('pdl_', 'live_', 'apikey_', take(LOWER, 26), '_', mixed(22))],
	['flutterwave', join('FLW', 'SECK-', hex(32), '-X')],
	['shippo', join('shippo_', 'live_', hex(40))],
	['easypost', join('EZ', 'AK', mixed(54))],
	['duffel', join('duffel_', 'test_', mixed(43))],
	['contentful', join('CF', 'PAT-', mixed(43))],
	['dropbox', join('s', 'l.', mixed(140))],
	['frameio', join('fio', '-u-', mixed(64))],
	['adafruit', join('ai', 'o_', mixed(28))],
	['postgres', join('postgres', '://', 'user:word', '@db.example.org/app')],
	['redis', join('redi', 's://', 'default:word', '@cache.example.org')]
];

describe('detect', () => {
	test.each(SAMPLES)('knows %s', (id, value) => {
		expect(detect(value)).toMatchObject({ provider: { id }, sure: true });
	});

	describe('where prefixes collide', () => {
		test('takes the longest: sk-ant- and sk-or- are not OpenAI’s', () => {
			expect(detect(join('sk-', 'ant-', 'something-new-', mixed(20)))?.provider.id).toBe(
				'anthropic'
			);
			expect(detect(join('sk-', 'or-', 'v2-', hex(40)))?.provider.id).toBe('openrouter');
		});

		test('guesses DeepSeek for sk- and 32 letters, and says that it guesses', () => {
			expect(detect(join('sk-', take(LOWER, 32)))).toMatchObject({
				provider: { id: 'deepseek' },
				sure: false
			});
		});

		test('believes the variable for sk- and 32 letters', () => {
			const value = join('sk-', take(LOWER, 32));
			expect(detect(value, 'DEEPSEEK_API_KEY')).toMatchObject({
				provider: { id: 'deepseek' },
				sure: true
			});
			expect(detect(value, 'OPENAI_API_KEY')?.provider.id).toBe('openai');
		});

		test('tells Stripe’s sk_live_ from ElevenLabs’ sk_', () => {
			expect(detect(join('sk_', 'live_', hex(48)))?.provider.id).toBe('stripe');
			expect(detect(join('sk_', hex(48)))?.provider.id).toBe('elevenlabs');
		});

		test('takes sk_live_ for Clerk’s where the variable says so', () => {
			const value = join('sk_', 'live_', mixed(40));
			expect(detect(value)?.provider.id).toBe('stripe');
			expect(detect(value, 'CLERK_SECRET_KEY')?.provider.id).toBe('clerk');
		});

		test('tells Airtable’s pat from HubSpot’s pat-na1- and from words', () => {
			expect(detect(join('pat', mixed(14), '.', hex(64)))?.provider.id).toBe('airtable');
			expect(detect(join('pat-', 'eu1-', UUID))?.provider.id).toBe('hubspot');
			expect(detect('pattern-of-a-longer-kind')).toBeUndefined();
		});

		test('takes SK for Twilio’s only before 32 hexadecimal digits', () => {
			expect(detect(join('SK', hex(32)))?.provider.id).toBe('twilio');
			expect(detect(join('SK', mixed(32)))).toBeUndefined();
		});

		test('takes key- for Mailgun’s only before 32 hexadecimal digits', () => {
			expect(detect('key-to-the-house-on-the-hill')).toBeUndefined();
		});

		test('believes the value before a variable that cannot be right', () => {
			expect(detect(join('sk-', 'or-', 'v1-', hex(64)), 'OPENAI_API_KEY')?.provider.id).toBe(
				'openrouter'
			);
		});
	});

	test('tells OpenAI’s old keys from all others that begin with sk-', () => {
		const old = join('sk-', mixed(20), MARK, mixed(20));
		expect(detect(old)).toMatchObject({ provider: { id: 'openai' }, sure: true });
		expect(detect(join('sk-', 'proj-', mixed(40)))?.provider.id).toBe('openai');
		expect(detect(join('sk-', 'lf-', UUID))?.provider.id).toBe('langfuse');
	});

	test('names all whose keys look like 32 hexadecimal digits, and chooses none', () => {
		const ids = candidatesFor(hex(32)).map(({ id }) => id);
		expect(ids.length).toBeGreaterThanOrEqual(5);
		expect(ids).toEqual(expect.arrayContaining(['datadog', 'algolia', 'assemblyai']));
	});

	test('needs the variable where nothing about a value is special', () => {
		expect(detect(hex(32))).toBeUndefined();
		expect(detect(hex(32), 'DD_API_KEY')).toMatchObject({
			provider: { id: 'datadog' },
			sure: true
		});
		expect(detect(hex(32), 'ALGOLIA_API_KEY')?.provider.id).toBe('algolia');
	});

	test('knows a prefix whose rest has changed, and is not sure', () => {
		expect(detect(join('gh', 'p_', mixed(50)))).toMatchObject({
			provider: { id: 'github' },
			prefix: 'ghp_',
			sure: false
		});
	});

	test('says live or test where the prefix does', () => {
		expect(detect(join('sk_', 'test_', mixed(24)))?.mode).toBe('test');
		expect(detect(join('sk_', 'live_', mixed(24)))?.mode).toBe('live');
		expect(detect(join('access-', 'sandbox-', UUID))?.mode).toBe('test');
		expect(detect(join('access-', 'production-', UUID))?.mode).toBe('live');
		expect(detect(join('gh', 'p_', mixed(36)))?.mode).toBeUndefined();
	});

	test.each(['', 'x', 'password', 'correct horse battery staple', 'https://example.org/'])(
		'makes nothing of "%s"',
		(value) => {
			expect(detect(value)).toBeUndefined();
		}
	);

	test.each(['a', 'A1', 'ab.', '-_-', 'eyJ.'])('comes to an end for a megabyte of "%s"', (text) => {
		expect(detect(text.repeat(300_000))).toBeUndefined();
	});
});

describe('providerOfVariable', () => {
	test.each([
		['OPENAI_API_KEY', 'openai'],
		['MY_OPENAI_KEY_2', 'openai'],
		['azure_openai_api_key', 'azure-openai'],
		['GH_TOKEN', 'github'],
		['NEXT_PUBLIC_SUPABASE_KEY', 'supabase']
	])('of %s is %s', (variable, id) => {
		expect(providerOfVariable(variable)?.id).toBe(id);
	});

	test.each(['TOKEN', 'API_KEY', 'FLYER_KEY', ''])('of "%s" is nobody', (variable) => {
		expect(providerOfVariable(variable)).toBeUndefined();
	});
});

describe('the table', () => {
	test('knows at least eighty providers by a value alone', () => {
		const known = SAMPLES.filter(([id, value]) => detect(value)?.provider.id === id);
		expect(new Set(known.map(([id]) => id)).size).toBeGreaterThanOrEqual(80);
	});

	test.each(PROVIDERS.map(({ id, envVars }) => [id, envVars] as const))(
		'knows %s by each of its variables',
		(id, envVars) => {
			expect(envVars.map((name) => providerOfVariable(name)?.id)).toEqual(envVars.map(() => id));
		}
	);

	test('names each provider once', () => {
		const ids = PROVIDERS.map(({ id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
	});

	test('gives each variable to one provider', () => {
		const names = PROVIDERS.flatMap(({ envVars }) => envVars);
		expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
	});

	test.each(PROVIDERS.map((provider) => [provider.id, provider] as const))(
		'draws and links %s well',
		(id, { mark, hue, keyPage = 'https://example.org', envVars, patterns }) => {
			expect(id).toMatch(/^[a-z0-9-]+$/);
			expect(mark).toMatch(/^[A-Z][a-z]$/);
			expect(hue).toBeGreaterThanOrEqual(0);
			expect(hue).toBeLessThan(360);
			expect(new URL(keyPage).protocol).toBe('https:');
			expect(envVars.length).toBeGreaterThan(0);
			for (const { rest } of patterns) expect(rest.source).toMatch(/^\^.*\$$/s);
		}
	);

	test.each([
		['grace', ['stripe']],
		['slots', ['azure-openai']],
		['at-once', ['auth0', 'discord', 'heroku', 'postgres', 'redis', 'telegram']]
	] as const)('says of whom a key is replaced otherwise than beside it: %s', (way, ids) => {
		const found = PROVIDERS.filter(({ rotation }) => rotation === way);
		expect(found.map(({ id }) => id).sort()).toEqual(ids);
	});

	test('names the fields of a key among its variables, two or more, each once', () => {
		const rows = PROVIDERS.filter(({ fields }) => fields.length > 0);
		expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining(['aws', 'twilio', 'langfuse']));
		for (const { fields, envVars } of rows) {
			expect(fields.length).toBeGreaterThan(1);
			expect(new Set(fields).size).toBe(fields.length);
			expect(envVars).toEqual(expect.arrayContaining([...fields]));
		}
	});

	test('is found by id', () => {
		expect(providerById('stripe')?.name).toBe('Stripe');
		expect(providerById('my own word')).toBeUndefined();
	});
});
