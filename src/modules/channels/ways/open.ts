/** The ways beside mail that the configuration names. */
import type { ChannelConfig } from '../../../platform/config-channels.ts'
import type { Context } from '../../../platform/context.ts'
import { openPush } from '../push/send.ts'
import { openGateway } from '../sms/gateway.ts'
import { keepIncoming, type Understand } from '../sms/incoming.ts'
import { settleReceipts } from '../sms/receipts.ts'
import { openSmpp } from '../sms/smpp.ts'
import { openWebhooks } from '../webhooks/send.ts'
import { type TellHook, writeHook } from '../webhooks/write.ts'
import { runWays, type Write } from './run.ts'
import type { Way } from './way.ts'
import { type ShortCall, writeShort } from './write.ts'

export interface Ways {
  /** Hands over what is due; answers how many messages were taken. */
  work(now: number): Promise<number>
  close(): Promise<void>
}

export interface Help {
  /** Modules that are asked, in their order, what a reply means. */
  understand?: Understand[]
  /** The module that knows what a warning says makes of it what a webhook is told. */
  tell?: TellHook
  /** The module that leads roll-calls writes their short messages. */
  rollcall?: ShortCall
}

export function openWays(
  context: Context,
  {
    sms,
    smsBack,
    pushHosts,
    pushRate,
  }: Pick<ChannelConfig, 'sms' | 'pushHosts'> & Partial<Pick<ChannelConfig, 'smsBack' | 'pushRate'>>,
  { understand = [], tell, rollcall }: Help = {},
): Ways {
  const ways: Way[] = []
  if (sms?.by === 'smpp') ways.push(openSmpp(sms, keepIncoming(context, understand)))
  if (sms?.by === 'http') ways.push(openGateway(sms, Boolean(smsBack)))
  if (pushHosts.length > 0) ways.push({ ...openPush(context), rate: pushRate })
  if (tell) ways.push(openWebhooks(context))
  const write: Write = (at, way, delivery, now) =>
    way.name === 'webhook' && tell
      ? writeHook(tell, at, delivery, now)
      : writeShort(at, way, delivery, now, rollcall)
  return {
    work: async (now) => {
      const sent = await runWays(context, ways, write, now)
      await settleReceipts(context.db.engine, now)
      return sent
    },
    close: async () => {
      for (const way of ways) await way.close()
    },
  }
}
