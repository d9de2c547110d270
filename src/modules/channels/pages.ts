/** What the pages of the channels module offer: mounting them, and parts that other pages use. */
export { accountSlots } from './pages/account-choice.tsx'
export { BrokenKeys } from './pages/broken-keys.tsx'
export { LostAddresses } from './pages/lost-addresses.tsx'
export { mountSmsBack } from './routes/sms-back.ts'
export { mountChannels } from './routes.ts'
