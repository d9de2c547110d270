/** What the pages of the exchange module offer: mounting them. */
export { mountBlocklists } from './blocklists/routes.ts'
