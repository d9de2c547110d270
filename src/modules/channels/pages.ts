/** What the pages of the channels module offer: mounting them, and parts that other pages use. */
export { accountSlots } from './pages/account-choice.tsx'
export { LostAddresses } from './pages/lost-addresses.tsx'
export { BrokenKeys } from './pgp/notice.tsx'
export { mountChannels } from './routes.ts'
