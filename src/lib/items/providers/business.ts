/** Payments, mail, messages, design, content and people. */
import {
	ALNUM_32,
	ALNUM_40,
	ANY,
	HEX_32,
	HEX_40,
	UUID,
	named,
	own,
	provider
} from '#lib/items/providers/provider.ts';

const STRIPE = /^[A-Za-z0-9]{10,200}$/;
const SHOPIFY = /^[a-fA-F0-9]{32}$/;
const SLACK = /^[\w-]{10,}$/;

// prettier-ignore
export const BUSINESS_PROVIDERS = [
	provider('stripe', 'Stripe', 'St', 276, 'dashboard.stripe.com/apikeys', ['STRIPE_SECRET_KEY', 'STRIPE_API_KEY', 'STRIPE_WEBHOOK_SECRET', 'STRIPE_PUBLISHABLE_KEY'],
		own('sk_live_', STRIPE), own('sk_test_', STRIPE), own('sk_prod_', STRIPE), own('rk_live_', STRIPE), own('rk_test_', STRIPE), own('rk_prod_', STRIPE),
		own('pk_live_', STRIPE), own('pk_test_', STRIPE), own('whsec_', /^[A-Za-z0-9+/=]{20,}$/)),
	provider('clerk', 'Clerk', 'Ck', 286, 'dashboard.clerk.com', ['CLERK_SECRET_KEY', 'NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY'],
		named(STRIPE, 'sk_live_'), named(STRIPE, 'sk_test_'), named(/^[A-Za-z0-9+/=]{10,}$/, 'pk_live_'), named(/^[A-Za-z0-9+/=]{10,}$/, 'pk_test_')),
	provider('square', 'Square', 'Sq', 212, 'developer.squareup.com/apps', ['SQUARE_ACCESS_TOKEN'], own('EAAA', /^[\w-]{60}$/), own('sq0atp-', /^[\w-]{22}$/), own('sq0csp-', /^[\w-]{43}$/)),
	provider('plaid', 'Plaid', 'Pl', 198, 'dashboard.plaid.com/developers/keys', ['PLAID_SECRET', 'PLAID_CLIENT_ID', 'PLAID_ACCESS_TOKEN'],
		own('access-sandbox-', UUID), own('access-development-', UUID), own('access-production-', UUID), named(/^[a-f0-9]{30}$/)),
	provider('paypal', 'PayPal', 'Pp', 254, 'developer.paypal.com/dashboard/applications', ['PAYPAL_CLIENT_SECRET', 'PAYPAL_CLIENT_ID'], named(/^[\w-]{80}$/)),
	provider('shopify', 'Shopify', 'Sh', 142, 'accounts.shopify.com', ['SHOPIFY_ACCESS_TOKEN', 'SHOPIFY_API_SECRET'],
		own('shpat_', SHOPIFY), own('shpca_', SHOPIFY), own('shppa_', SHOPIFY), own('shpss_', SHOPIFY)),
	provider('paddle', 'Paddle', 'Pd', 84, 'vendors.paddle.com/authentication', ['PADDLE_API_KEY'], own('pdl_live_apikey_', ANY), own('pdl_sdbx_apikey_', ANY)),
	provider('lemonsqueezy', 'Lemon Squeezy', 'Lq', 88, 'app.lemonsqueezy.com/settings/api', ['LEMONSQUEEZY_API_KEY', 'LEMON_SQUEEZY_API_KEY']),
	provider('flutterwave', 'Flutterwave', 'Fv', 54, 'app.flutterwave.com/dashboard/settings/apis', ['FLW_SECRET_KEY'], own('FLWSECK_TEST-', ANY), own('FLWSECK-', ANY), own('FLWPUBK_TEST-', ANY)),
	provider('shippo', 'Shippo', 'Sp', 138, 'apps.goshippo.com/settings/api', ['SHIPPO_API_KEY', 'SHIPPO_API_TOKEN'], own('shippo_live_', HEX_40), own('shippo_test_', HEX_40)),
	provider('easypost', 'EasyPost', 'Ep', 234, 'www.easypost.com/account/api-keys', ['EASYPOST_API_KEY'], own('EZAK', /^[A-Za-z0-9]{54}$/), own('EZTK', /^[A-Za-z0-9]{54}$/)),
	provider('duffel', 'Duffel', 'Du', 302, 'app.duffel.com', ['DUFFEL_ACCESS_TOKEN'], own('duffel_live_', ANY), own('duffel_test_', ANY)),
	provider('slack', 'Slack', 'Sl', 328, 'api.slack.com/apps', ['SLACK_BOT_TOKEN', 'SLACK_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_WEBHOOK_URL'],
		own('xoxb-', SLACK), own('xoxp-', SLACK), own('xoxe-', SLACK), own('xoxe.xoxb-', SLACK), own('xoxe.xoxp-', SLACK), own('xoxo-', SLACK), own('xoxs-', SLACK), own('xoxa-', SLACK), own('xoxr-', SLACK),
		own('xapp-', /^\d-[\w-]{10,}$/), own('https://hooks.slack.com/services/', /^[\w/]{20,}$/)),
	provider('discord', 'Discord', 'Ds', 270, 'discord.com/developers/applications', ['DISCORD_TOKEN', 'DISCORD_BOT_TOKEN'],
		own('https://discord.com/api/webhooks/', /^\d+\/[\w-]{20,}$/), named(/^[\w-]{24,28}\.[\w-]{6}\.[\w-]{27,38}$/)),
	provider('telegram', 'Telegram', 'Te', 222, 't.me/BotFather', ['TELEGRAM_BOT_TOKEN', 'TELEGRAM_TOKEN'], own('', /^\d{8,10}:[\w-]{35}$/)),
	provider('twilio', 'Twilio', 'Tw', 14, 'console.twilio.com', ['TWILIO_AUTH_TOKEN', 'TWILIO_API_KEY', 'TWILIO_API_SECRET', 'TWILIO_ACCOUNT_SID'], own('SK', /^[0-9a-fA-F]{32}$/), own('AC', HEX_32), named(HEX_32)),
	provider('sendgrid', 'SendGrid', 'Sd', 228, 'app.sendgrid.com/settings/api_keys', ['SENDGRID_API_KEY'], own('SG.', /^[\w-]{20,24}\.[\w-]{39,50}$/)),
	provider('mailgun', 'Mailgun', 'Mg', 10, 'app.mailgun.com/settings/api_security', ['MAILGUN_API_KEY'], own('key-', HEX_32), named(/^[a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8}$/)),
	provider('mailchimp', 'Mailchimp', 'Mc', 86, 'admin.mailchimp.com/account/api', ['MAILCHIMP_API_KEY'], own('', /^[a-f0-9]{32}-us\d{1,2}$/)),
	provider('brevo', 'Brevo', 'Bv', 156, 'app.brevo.com/settings/keys/api', ['BREVO_API_KEY', 'SENDINBLUE_API_KEY'], own('xkeysib-', /^[a-f0-9]{64}-[A-Za-z0-9]{16}$/), own('xsmtpsib-', ANY)),
	provider('postmark', 'Postmark', 'Pk', 74, 'account.postmarkapp.com/api_tokens', ['POSTMARK_SERVER_TOKEN', 'POSTMARK_API_TOKEN'], named(UUID)),
	provider('resend', 'Resend', 'Rs', 260, 'resend.com/api-keys', ['RESEND_API_KEY'], own('re_', /^\w{20,}$/)),
	provider('notion', 'Notion', 'No', 46, 'www.notion.so/my-integrations', ['NOTION_TOKEN', 'NOTION_API_KEY'], own('ntn_', /^\d{11}[A-Za-z0-9]{35}$/), own('secret_', /^[A-Za-z0-9]{43}$/)),
	provider('figma', 'Figma', 'Fi', 32, 'www.figma.com/settings', ['FIGMA_TOKEN', 'FIGMA_ACCESS_TOKEN'], own('figd_', /^[\w-]{40}$/)),
	provider('airtable', 'Airtable', 'Ai', 76, 'airtable.com/create/tokens', ['AIRTABLE_API_KEY', 'AIRTABLE_TOKEN'], own('pat', /^[A-Za-z0-9]{14}\.[a-f0-9]{64}$/)),
	provider('asana', 'Asana', 'As', 6, 'app.asana.com/0/my-apps', ['ASANA_ACCESS_TOKEN', 'ASANA_TOKEN'], named(/^[012]\/\d{10,}(?:\/\d+)?(?::[a-f0-9]{32})?$/)),
	provider('hubspot', 'HubSpot', 'Hs', 34, 'app.hubspot.com/private-apps', ['HUBSPOT_ACCESS_TOKEN', 'HUBSPOT_API_KEY'], own('pat-na1-', UUID), own('pat-eu1-', UUID)),
	provider('mapbox', 'Mapbox', 'Mb', 216, 'account.mapbox.com', ['MAPBOX_ACCESS_TOKEN', 'MAPBOX_TOKEN'], own('pk.eyJ', /^[\w-]+\.[\w-]{10,}$/), own('sk.eyJ', /^[\w-]+\.[\w-]{10,}$/)),
	provider('typeform', 'Typeform', 'Tp', 320, 'admin.typeform.com/user/tokens', ['TYPEFORM_TOKEN'], own('tfp_', ANY)),
	provider('okta', 'Okta', 'Ok', 248, undefined, ['OKTA_API_TOKEN', 'OKTA_CLIENT_TOKEN'], named(/^[\w-]{40}$/, '00')),
	provider('auth0', 'Auth0', 'Au', 24, 'manage.auth0.com', ['AUTH0_CLIENT_SECRET', 'AUTH0_SECRET'], named(/^[\w-]{64,}$/)),
	provider('contentful', 'Contentful', 'Cn', 206, 'app.contentful.com/account/profile/cma_tokens', ['CONTENTFUL_MANAGEMENT_TOKEN', 'CONTENTFUL_ACCESS_TOKEN'], own('CFPAT-', ANY), named(/^[\w-]{43}$/)),
	provider('dropbox', 'Dropbox', 'Dr', 244, 'www.dropbox.com/developers/apps', ['DROPBOX_ACCESS_TOKEN', 'DROPBOX_TOKEN'], own('sl.', /^[\w-]{130,}$/)),
	provider('frameio', 'Frame.io', 'Fr', 268, 'developer.frame.io/app/tokens', ['FRAMEIO_TOKEN'], own('fio-u-', /^[\w=-]{64}$/)),
	provider('adafruit', 'Adafruit IO', 'Ad', 336, 'io.adafruit.com', ['ADAFRUIT_IO_KEY', 'AIO_KEY'], own('aio_', /^[A-Za-z0-9]{28}$/)),
	provider('intercom', 'Intercom', 'In', 236, 'developers.intercom.com', ['INTERCOM_ACCESS_TOKEN'], named(/^[A-Za-z0-9=]{60}$/)),
	provider('segment', 'Segment', 'Sm', 164, 'app.segment.com', ['SEGMENT_WRITE_KEY'], named(ALNUM_32)),
	provider('mixpanel', 'Mixpanel', 'Mx', 274, 'mixpanel.com/settings/project', ['MIXPANEL_TOKEN', 'MIXPANEL_API_SECRET'], named(HEX_32)),
	provider('zendesk', 'Zendesk', 'Ze', 136, undefined, ['ZENDESK_API_TOKEN'], named(ALNUM_40)),
	provider('openweather', 'OpenWeather', 'Ow', 44, 'home.openweathermap.org/api_keys', ['OPENWEATHER_API_KEY', 'OPENWEATHERMAP_API_KEY'], named(HEX_32))
];
