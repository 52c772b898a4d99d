/** Code, packages, continuous integration, watching. */
import {
	ALNUM_32,
	ALNUM_36,
	ALNUM_40,
	ANY,
	HEX_32,
	HEX_40,
	HEX_64,
	UUID,
	named,
	own,
	provider
} from '#lib/items/providers/provider.ts';

const GITLAB = /^[\w.-]{20,300}$/;

// prettier-ignore
export const CODE_PROVIDERS = [
	provider('github', 'GitHub', 'Gh', 275, 'github.com/settings/tokens', ['GITHUB_TOKEN', 'GH_TOKEN', 'GITHUB_PAT'],
		own('github_pat_', /^\w{82}$/), own('ghp_', ALNUM_36), own('gho_', ALNUM_36), own('ghu_', ALNUM_36), own('ghs_', ALNUM_36), own('ghr_', ALNUM_36)),
	provider('gitlab', 'GitLab', 'Gl', 38, 'gitlab.com/-/user_settings/personal_access_tokens', ['GITLAB_TOKEN', 'GITLAB_ACCESS_TOKEN'],
		own('glpat-', GITLAB), own('gldt-', GITLAB), own('glptt-', GITLAB), own('glrt-', GITLAB), own('glcbt-', GITLAB), own('gloas-', GITLAB)),
	provider('atlassian', 'Atlassian', 'At', 250, 'id.atlassian.com/manage-profile/security/api-tokens', ['ATLASSIAN_API_TOKEN', 'JIRA_API_TOKEN', 'CONFLUENCE_API_TOKEN'], own('ATATT3', /^[\w=-]{186}$/)),
	provider('bitbucket', 'Bitbucket', 'Bt', 246, 'bitbucket.org/account/settings/app-passwords', ['BITBUCKET_TOKEN', 'BITBUCKET_APP_PASSWORD'], own('ATBB', /^[A-Za-z0-9]{28,}$/), own('ATCTT3', ANY)),
	provider('npm', 'npm', 'Np', 22, 'www.npmjs.com/settings/~/tokens', ['NPM_TOKEN', 'NODE_AUTH_TOKEN'], own('npm_', ALNUM_36)),
	provider('pypi', 'PyPI', 'Py', 240, 'pypi.org/manage/account/token', ['PYPI_TOKEN', 'TWINE_PASSWORD'], own('pypi-AgEIcHlwaS5vcmc', ANY), own('pypi-', ANY)),
	provider('rubygems', 'RubyGems', 'Rb', 16, 'rubygems.org/profile/api_keys', ['RUBYGEMS_API_KEY', 'GEM_HOST_API_KEY'], own('rubygems_', /^[a-f0-9]{48}$/)),
	provider('cargo', 'crates.io', 'Cr', 52, 'crates.io/settings/tokens', ['CARGO_REGISTRY_TOKEN'], own('cio', ALNUM_32)),
	provider('docker', 'Docker Hub', 'Dk', 236, 'app.docker.com/settings', ['DOCKER_TOKEN', 'DOCKERHUB_TOKEN', 'DOCKER_PASSWORD'], own('dckr_pat_', /^[\w-]{27}$/), own('dckr_oat_', /^[\w-]{32}$/)),
	provider('circleci', 'CircleCI', 'Ci', 168, 'app.circleci.com/settings/user/tokens', ['CIRCLECI_TOKEN', 'CIRCLE_TOKEN'], own('CCIPAT_', /^[A-Za-z0-9]{22}_[a-fA-F0-9]{40}$/), own('CCIPRJ_', ANY)),
	provider('buildkite', 'Buildkite', 'Bk', 152, 'buildkite.com/user/api-access-tokens', ['BUILDKITE_API_TOKEN', 'BUILDKITE_TOKEN'], own('bkua_', /^[a-z0-9]{40}$/)),
	provider('postman', 'Postman', 'Pm', 36, 'go.postman.co/settings/me/api-keys', ['POSTMAN_API_KEY'], own('PMAK-', /^[a-f0-9]{24}-[a-f0-9]{34}$/)),
	provider('sentry', 'Sentry', 'Sn', 318, 'sentry.io/settings/auth-tokens', ['SENTRY_AUTH_TOKEN', 'SENTRY_DSN'], own('sntrys_eyJ', ANY), own('sntryu_', HEX_64)),
	provider('datadog', 'Datadog', 'Dd', 294, 'app.datadoghq.com/organization-settings/api-keys', ['DD_API_KEY', 'DATADOG_API_KEY', 'DD_APP_KEY', 'DATADOG_APP_KEY'], named(HEX_32), named(HEX_40)),
	provider('newrelic', 'New Relic', 'Nr', 172, 'one.newrelic.com/api-keys', ['NEW_RELIC_API_KEY', 'NEW_RELIC_LICENSE_KEY'], own('NRAK-', /^[a-z0-9]{27}$/i), own('NRII-', ANY), own('NRJS-', ANY)),
	provider('grafana', 'Grafana', 'Gf', 58, 'grafana.com/orgs', ['GRAFANA_TOKEN', 'GRAFANA_API_KEY', 'GRAFANA_SERVICE_ACCOUNT_TOKEN'], own('glsa_', /^[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}$/), own('glc_', ANY), own('eyJrIjoi', ANY)),
	provider('posthog', 'PostHog', 'Ph', 70, 'us.posthog.com/settings/user-api-keys', ['POSTHOG_API_KEY', 'POSTHOG_PERSONAL_API_KEY', 'NEXT_PUBLIC_POSTHOG_KEY'], own('phx_', /^\w{43,48}$/), own('phc_', /^\w{43,48}$/)),
	provider('launchdarkly', 'LaunchDarkly', 'Ld', 264, 'app.launchdarkly.com/settings/authorization', ['LAUNCHDARKLY_SDK_KEY', 'LAUNCHDARKLY_ACCESS_TOKEN', 'LD_SDK_KEY'], own('api-', UUID), own('sdk-', UUID)),
	provider('octopus', 'Octopus Deploy', 'Oc', 218, undefined, ['OCTOPUS_API_KEY'], own('API-', /^[A-Z0-9]{26}$/)),
	provider('sonar', 'SonarQube', 'So', 244, 'sonarcloud.io/account/security', ['SONAR_TOKEN'], own('sqp_', HEX_40), own('squ_', HEX_40), own('sqa_', HEX_40)),
	provider('snyk', 'Snyk', 'Sy', 284, 'app.snyk.io/account', ['SNYK_TOKEN'], named(UUID)),
	provider('codecov', 'Codecov', 'Cc', 344, 'app.codecov.io', ['CODECOV_TOKEN'], named(UUID)),
	provider('sourcegraph', 'Sourcegraph', 'Sg', 292, 'sourcegraph.com/user/settings/tokens', ['SRC_ACCESS_TOKEN'], own('sgp_', /^(?:[a-f0-9]{16}_|local_)?[a-f0-9]{40}$/)),
	provider('dynatrace', 'Dynatrace', 'Dy', 182, undefined, ['DT_API_TOKEN', 'DYNATRACE_API_TOKEN'], own('dt0c01.', /^[A-Z0-9]{24}\.[A-Z0-9]{64}$/i)),
	provider('honeycomb', 'Honeycomb', 'Ho', 62, 'ui.honeycomb.io/account', ['HONEYCOMB_API_KEY'], own('hcaik_', ANY), named(HEX_32)),
	provider('linear', 'Linear', 'Ln', 278, 'linear.app/settings/api', ['LINEAR_API_KEY'], own('lin_api_', ALNUM_40)),
	provider('rollbar', 'Rollbar', 'Rl', 232, 'rollbar.com/settings/accounts', ['ROLLBAR_ACCESS_TOKEN'], named(HEX_32)),
	provider('readme', 'ReadMe', 'Rm', 226, 'dash.readme.com', ['README_API_KEY'], own('rdme_', /^[a-z0-9]{70}$/))
];
