/** The door of the assets module. */
export type { Asset, AssetValues, Kind } from './asset.ts'
export { forgetFiles } from './import/store.ts'
export { publishSums } from './sums.ts'
