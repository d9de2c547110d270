/** What the pages of the warnings module offer: mounting them, and parts that other pages use. */
export { isManagerOnly } from './pages/access.ts'
export { AnswerButtons } from './pages/answer-buttons.tsx'
export { nameOf } from './pages/both-cells.tsx'
export {
  byLink,
  frameByLink,
  LinkPage,
  mountWithdrawal,
  plain,
  sendOver,
  tokenOf,
} from './pages/mail-link.tsx'
export { type Waiting, waitingOf } from './pages/sector-data.ts'
export { flashOf } from './pages/show-routes.ts'
export { warningSlots } from './pages/slots.ts'
export { type Things, thingsOf } from './pages/things.ts'
export { adviceOf, orgWords, ruleTextOf, standingWords, titleOf } from './pages/words.ts'
export { WarningOfAdvisory } from './pages/written/advisory.tsx'
export { Answering } from './pages/written/answering.tsx'
export { Boxes } from './pages/written/boxes.tsx'
export { detailsOf, formOf, type GivenForm, wordOf } from './pages/written/given.ts'
export { mountWarnings } from './routes.ts'
export { paragraphsBetween } from './written/compare.ts'
export { warningsOf } from './written/from-advisory.ts'
