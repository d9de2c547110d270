/** What cannot be tried on this machine; the message says why. */
export class Skipped extends Error {
  override name = 'Skipped'
}
