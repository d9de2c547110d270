/** The states of an application as a table: from where a step may come, and what it needs. */

export const kinds = ['organisation', 'work'] as const
/** To take part with an organisation; to act for one that takes part already. */
export type Kind = (typeof kinds)[number]

export const states = ['applied', 'vetted', 'approved', 'refused'] as const
export type State = (typeof states)[number]

/** Who decides: a coordinator, or whoever manages the people of the organisation that the application concerns. */
export type Judge = 'coordinator' | 'manager'

export type Step = 'vetted' | 'handed' | 'approved' | 'refused'

/** From which states each may take a step; what is not here is refused. Somebody's own people need no vetting by others. */
export const comesFrom = {
  coordinator: {
    vetted: ['applied'],
    handed: ['applied', 'vetted'],
    approved: ['vetted'],
    refused: ['applied', 'vetted'],
  },
  manager: { vetted: [], handed: [], approved: ['applied', 'vetted'], refused: ['applied', 'vetted'] },
} satisfies Record<Judge, Record<Step, State[]>>

/** Nothing good is decided about an address that may be somebody else's. */
export const needsConfirmed = { vetted: true, handed: true, approved: true, refused: false } satisfies Record<
  Step,
  boolean
>

/** The state that a step leads to; what is handed over is for its manager to judge anew. */
export const leadsTo = {
  vetted: 'vetted',
  handed: 'applied',
  approved: 'approved',
  refused: 'refused',
} satisfies Record<Step, State>

export const isOpen = (state: State): boolean => state === 'applied' || state === 'vetted'

/** Why an application is refused; the sentence of each is `joining.refusal.<reason>`. */
export const refusals = ['outside', 'unverified', 'already', 'withdrawn', 'other'] as const
export type Refusal = (typeof refusals)[number]
