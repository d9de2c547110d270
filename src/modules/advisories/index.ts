/** The door of the advisories module. */
export { openWatcher } from './jobs.ts'
export { type KnownProduct, knownProducts } from './known-products.ts'
