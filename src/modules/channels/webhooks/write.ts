/** What a webhook is told of a delivery, read with the rights that its organisation has at this moment. */
import type { Context } from '../../../platform/context.ts'
import { type Reader, readerOf } from '../recipients.ts'
import type { Claimed, Written } from '../ways/run.ts'
import type { HookContent } from './message.ts'

/** Null: the organisation may no longer read it, or another version is out by now. */
export type TellHook = (
  context: Context,
  delivery: Claimed,
  reader: Reader,
  now: number,
) => Promise<HookContent | null>

const trial = (context: Context): HookContent => ({
  event: 'test',
  exercise: true,
  number: 'HSOC-TEST',
  version: null,
  tlp: 'CLEAR',
  severity: 'info',
  title: null,
  url: `${context.settings.baseUrl}/webhooks`,
  answer: null,
})

export async function writeHook(
  tell: TellHook,
  context: Context,
  delivery: Claimed,
  now: number,
): Promise<Written> {
  const { rows } = await context.db.engine.query<{ language: 'cs' | 'en' }>(
    `select language from webhooks where 'webhook:' || id = $1 and disabled_at is null`,
    [delivery.address],
  )
  const [hook] = rows
  if (!hook) return { dropped: 'webhook-off' }
  const found = await readerOf(context.db.engine, { person: null, org: delivery.org, as: 'contact' }, now)
  if (!found) return { dropped: 'left' }
  const reader = { ...found, actor: { ...found.actor, language: hook.language } }
  const content =
    delivery.detail.template === 'webhook-test' ? trial(context) : await tell(context, delivery, reader, now)
  if (!content) return { dropped: 'may-not-read' }
  const { number } = content
  return { text: '', number, path: '', urgent: false, thread: '', content, at: delivery.decidedAt }
}
