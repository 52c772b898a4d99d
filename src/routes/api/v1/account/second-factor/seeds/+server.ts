import { PROOF_PURPOSE } from '#lib/api/auth.ts';
import { routes } from '#lib/api/routes.ts';
import { requireProof } from '#lib/server/auth/proof.ts';
import { endpoint } from '#lib/server/endpoint.ts';
import { newSecondFactor } from '#lib/server/second-factor.ts';

export const POST = endpoint(routes.secondFactorSeed, async (member) => {
	await requireProof(member, PROOF_PURPOSE.account);
	return await newSecondFactor(member.server, member.account);
});
