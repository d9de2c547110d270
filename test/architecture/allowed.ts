/** What stands against a rule of the house, each with its reason. An entry that is no longer needed fails the test. */
import type { Allowed } from './rules.ts'

/** Files past 300 lines. */
export const long: Allowed = {}

/** Files of modules that read the clock or chance themselves. */
export const ambient: Allowed = {}

/** `path table` of a write by somebody else than the table's owner. */
export const writers: Allowed = {
  'migrations/0042-privacy-periods-and-erasure.sql audit':
    'a person is taken out of lines and the digests of what is left are kept, in one function of the trail',
  'src/modules/privacy/erase.ts {}':
    'what erasure does to each table stands in one list, which a test holds against the schema',
  'src/platform/sealed.ts {}':
    'a change of the secret reaches every sealed column by one list; the value inside stays what its module wrote',
  'src/demo/warnings.ts deliveries':
    'mails of days on which there was no demonstration are said to have gone; no verb of the product may say so',
  'src/modules/events/condense.ts {}':
    "the same statement fills the module's detections and totals, and the copies that a rebuild compares them with",
}

/** Tables that belong to another module than the one whose migration created them; an applied migration is never rewritten. */
export const handedOver: Record<string, { to: string; why: string }> = {
  password_resets: {
    to: 'members',
    why: 'passwords are a matter of members; sessions alone stay in the platform',
  },
  sign_in_failures: { to: 'members', why: 'the slow-down of guessing stands beside the sign-in' },
  credibility: { to: 'warnings', why: 'what answers say of a detector is learned from answers to warnings' },
}
