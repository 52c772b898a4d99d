/**
 * What a list shows of a provider: apart from `provider-table.ts`, since a list loads no patterns of
 * keys. A tile has two letters, set like the symbol of an element, and a hue; lightness and chroma are
 * the design's.
 */

export interface ProviderTile {
	readonly name: string;
	/** Two letters. */
	readonly mark: string;
	/** In degrees. */
	readonly hue: number;
}

/**
 * A row is the hue, the mark where it is not how the name begins, the name, and the id where it is not
 * the letters of the name. Ids are kept in overviews: never renamed. Text, because whoever unlocks
 * loads it: as objects it would be half as large again.
 */
const ROWS = `
165 OpenAI
45 Anthropic
255 Google AI and Maps|google-ai
35 Groq
270 xAI
285Or OpenRouter
195 Perplexity
262 DeepSeek
15 Cohere
50 Mistral
20 Replicate
90Hf Hugging Face
300 ElevenLabs
130 NVIDIA
150Ls LangSmith
25Lf Langfuse
140 Pinecone
210 Tavily
170Dg Deepgram
275Aa AssemblyAI
80Wb Weights & Biases|wandb
145 Apify
250 Together AI|together
295Fw Fireworks AI|fireworks
30 Cerebras
230 Voyage AI|voyage
340 Jina AI|jina
40Fc Firecrawl
310 Stability AI|stability
220 Exa
200 Serper
65 AWS
60Br AWS Bedrock|aws-bedrock
258Gc Google Cloud|google-cloud
245Az Microsoft Azure|azure
240Ao Azure OpenAI|azure-openai
55Cf Cloudflare
265 Vercel
185 Netlify
290 Fly.io|fly
305 Heroku
250Do DigitalOcean
280Rn Render
315 Railway
22Hz Hetzner Cloud|hetzner
155Li Akamai Linode|linode
248 Vultr
298 Scaleway
48 Alibaba Cloud|alibaba
160 Supabase
268Ps PlanetScale
158Nn Neon
162 Upstash
178 Turso
148 MongoDB Atlas|mongodb
240Pg PostgreSQL|postgres
18Rd Redis
95Ch ClickHouse Cloud|clickhouse
28Db Databricks
252Ag Algolia
272Ts Tailscale
225 ngrok
12Bb Backblaze B2|backblaze
282Tf Terraform Cloud|terraform
288 Pulumi
92Va HashiCorp Vault|vault
242Dp Doppler
235Pw 1Password|onepassword
205Ae age
312Ic Infracost
215 Prefect
188Dn Defined Networking|defined
42 Bitly
256 IBM Cloud|ibm-cloud
238 OVHcloud|ovh
275Gh GitHub
38Gl GitLab
250 Atlassian
246Bt Bitbucket
22 npm
240 PyPI
16Rb RubyGems
52 crates.io|cargo
236Dk Docker Hub|docker
168 CircleCI
152Bk Buildkite
36Pm Postman
318Sn Sentry
294Dd Datadog
172Nr New Relic
58Gf Grafana
70Ph PostHog
264Ld LaunchDarkly
218 Octopus Deploy|octopus
244 SonarQube|sonar
284Sy Snyk
344Cc Codecov
292Sg Sourcegraph
182 Dynatrace
62 Honeycomb
278Ln Linear
232Rl Rollbar
226Rm ReadMe
276 Stripe
286Ck Clerk
212 Square
198 Plaid
254Pp PayPal
142 Shopify
84Pd Paddle
88Lq Lemon Squeezy
54Fv Flutterwave
138Sp Shippo
234Ep EasyPost
302 Duffel
328 Slack
270Ds Discord
222 Telegram
14 Twilio
228Sd SendGrid
10Mg Mailgun
86Mc Mailchimp
156Bv Brevo
74Pk Postmark
260Rs Resend
46 Notion
32 Figma
76 Airtable
6 Asana
34Hs HubSpot
216Mb Mapbox
320Tp Typeform
248 Okta
24 Auth0
206Cn Contentful
244 Dropbox
268 Frame.io
336 Adafruit IO|adafruit
236 Intercom
164Sm Segment
274Mx Mixpanel
136 Zendesk
44Ow OpenWeather`;

const TILES = /* @__PURE__ */ readRows();

/** @throws {TypeError} if there is none */
export function tileOf(id: string): ProviderTile {
	const tile = tileById(id);
	if (tile === undefined) throw new TypeError(`no provider ${id}`);
	return tile;
}

/** The tile of this id. A provider that a person typed in their own words has none. */
export function tileById(id: string): ProviderTile | undefined {
	return TILES.get(id);
}

function readRows(): ReadonlyMap<string, ProviderTile> {
	const rows = ROWS.matchAll(/^(\d+)(\w*) ([^|\n]+)\|?(.*)$/gm);
	return new Map(
		Array.from(rows, ([, hue, mark, name = '', id]) => [
			id || name.toLowerCase().replace(/[^a-z0-9]/g, ''),
			{
				name,
				mark: mark || name.charAt(0).toUpperCase() + name.charAt(1).toLowerCase(),
				hue: Number(hue)
			}
		])
	);
}
