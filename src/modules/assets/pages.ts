/** What the pages of the assets module offer: mounting them. */
export { mountAssets } from './routes.ts'
