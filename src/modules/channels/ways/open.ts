/** The ways beside mail that the configuration names. */
import type { ChannelConfig } from '../../../platform/config-channels.ts'
import type { Context } from '../../../platform/context.ts'
import { openPush } from '../push/send.ts'
import { openGateway } from '../sms/gateway.ts'
import { keepIncoming, type Understand } from '../sms/incoming.ts'
import { openSmpp } from '../sms/smpp.ts'
import { runWays } from './run.ts'
import type { Way } from './way.ts'
import { type ShortCall, writeShort } from './write.ts'

export interface Ways {
  /** Hands over what is due; answers how many messages were taken. */
  work(now: number): Promise<number>
  close(): Promise<void>
}

/** `understand`: modules that are asked, in their order, what a reply means. */
export function openWays(
  context: Context,
  { sms, pushHosts }: Pick<ChannelConfig, 'sms' | 'pushHosts'>,
  understand: Understand[] = [],
  rollcall?: ShortCall,
): Ways {
  const ways: Way[] = []
  if (sms?.by === 'smpp') ways.push(openSmpp(sms, keepIncoming(context, understand)))
  if (sms?.by === 'http') ways.push(openGateway(sms))
  if (pushHosts.length > 0) ways.push(openPush(context))
  return {
    work: (now) =>
      runWays(
        context,
        ways,
        (context, way, delivery, now) => writeShort(context, way, delivery, now, rollcall),
        now,
      ),
    close: async () => {
      for (const way of ways) await way.close()
    },
  }
}
