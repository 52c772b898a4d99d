import { PROOF_PURPOSE } from '#lib/api/auth.ts';
import { routes } from '#lib/api/routes.ts';
import { requireProof } from '#lib/server/auth/proof.ts';
import { deviceOf } from '#lib/server/device.ts';
import { endpoint } from '#lib/server/endpoint.ts';
import { turnOffSecondFactor } from '#lib/server/second-factor.ts';

export const POST = endpoint(routes.secondFactorOff, async (member, request) => {
	const session = await requireProof(member, PROOF_PURPOSE.account);
	const device = deviceOf(member.event.request.headers);
	return await turnOffSecondFactor(member.server, session, request, device);
});
