/** The door of the assets module. */
export type { Asset, AssetValues, Kind } from './asset.ts'
export { forgetFiles } from './import/store.ts'
export { type Found, matchesOf } from './matching/candidates.ts'
export {
  type Decision,
  decided,
  decideMatch,
  decisionOn,
  decisionsOf,
  mayDecideAt,
  withdrawDecision,
} from './matching/decisions.ts'
export { fillKeys, keysAreMissing, takeChanged } from './matching/fill.ts'
export { keysOf, keysOfAffected } from './matching/keys.ts'
export { likely, type Match, matchOf, type Reason } from './matching/match.ts'
export { sentenceOf } from './matching/sentences.ts'
export { publishSums } from './sums.ts'
