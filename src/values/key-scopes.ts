/** What an API key may be given. A route that names none of them refuses every key. */
export const keyScopes = [
  'warnings.read',
  'events.read',
  'figures.read',
  'sensors.read',
  'assets.read',
  'duty.read',
  'csaf',
  'atom',
  'strict',
] as const

export type KeyScope = (typeof keyScopes)[number]

/** Those that open routes; `strict` only adds what is labelled TLP:AMBER+STRICT to them. */
export type OpeningScope = Exclude<KeyScope, 'strict'>
