import { PROOF_PURPOSE } from '#lib/api/auth.ts';
import { routes } from '#lib/api/routes.ts';
import { requireProof } from '#lib/server/auth/proof.ts';
import { deviceOf } from '#lib/server/device.ts';
import { endpoint } from '#lib/server/endpoint.ts';
import { secondFactorState, turnOnSecondFactor } from '#lib/server/second-factor.ts';

export const GET = endpoint(routes.secondFactor, ({ server, account }) =>
	secondFactorState(server, account)
);

export const POST = endpoint(routes.secondFactorOn, async (member, request) => {
	const session = await requireProof(member, PROOF_PURPOSE.account);
	const device = deviceOf(member.event.request.headers);
	return await turnOnSecondFactor(member.server, session, request, device);
});
