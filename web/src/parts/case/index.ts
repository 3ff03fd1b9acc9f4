/** One case: fetched, opened, and looked at from one authority. */
export { hasFailed, languageOf, markOf, openingAct, otherSide, turnOf, type Turn } from './look';
export { useAct, useCase, useCaseAbilities, useFollowCase, useGo, useOpenings, useProof } from './queries';
