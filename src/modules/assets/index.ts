/** The door of the assets module. */
export type { Asset, AssetValues, Kind } from './asset.ts'
export { forgetFiles } from './import/store.ts'
export { type Found, matchesOf } from './matching/candidates.ts'
export { type Decision, decided, decideMatch, decisionsOf, withdrawDecision } from './matching/decisions.ts'
export { keysOf, keysOfAffected } from './matching/keys.ts'
export { likely, type Match, matchOf, type Reason } from './matching/match.ts'
export { sentenceOf } from './matching/sentences.ts'
export { publishSums } from './sums.ts'
