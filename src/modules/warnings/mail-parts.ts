/** What single mails and the digest say alike. */
import type { Context } from '../../platform/context.ts'
import type { WarningDetail } from './types.ts'

/** TLP:AMBER+STRICT and narrower never stand in a mail, not even by their title (the sharing rule's channel caps). */
export const bodyIsAllowed = (warning: Pick<WarningDetail, 'tlp'>): boolean =>
  warning.tlp !== 'RED' && warning.tlp !== 'AMBER+STRICT'

export const pageOf = (context: Context, warning: { id: number }): string =>
  `${context.settings.baseUrl}/warnings/${warning.id}`

const names = ['info', 'low', 'medium', 'high', 'critical'] as const
export const severityName = (severity: number): (typeof names)[number] => names[severity] ?? 'info'
