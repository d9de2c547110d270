/** The ways beside mail that the configuration names. */
import type { ChannelConfig } from '../../../platform/config-channels.ts'
import type { Context } from '../../../platform/context.ts'
import { openGateway } from '../sms/gateway.ts'
import { keepIncoming, type Understand } from '../sms/incoming.ts'
import { openSmpp } from '../sms/smpp.ts'
import { type ShortCall, writeShort } from '../sms/write.ts'
import { runWays } from './run.ts'
import type { Way } from './way.ts'

export interface Ways {
  /** Hands over what is due; answers how many messages were taken. */
  work(now: number): Promise<number>
  close(): Promise<void>
}

/** `understand`: modules that are asked, in their order, what a reply means. */
export function openWays(
  context: Context,
  { sms }: Pick<ChannelConfig, 'sms'>,
  understand: Understand[] = [],
  rollcall?: ShortCall,
): Ways {
  const ways: Way[] = []
  if (sms?.by === 'smpp') ways.push(openSmpp(sms, keepIncoming(context, understand)))
  if (sms?.by === 'http') ways.push(openGateway(sms))
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
