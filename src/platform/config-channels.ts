/** What may be set of the ways by which messages go out, and of what comes back on them. */
import { isIP } from 'node:net'
import { z } from 'zod'

export interface ChannelConfig {
  /** The address to which mails that cannot be delivered come back, each with a key of its own; null: to the sender. */
  bounces: string | null
  /** Where a mail server hands returned mails over to us; null: by `hsoc mail bounce` alone. */
  bounceListen: { host: string; port: number } | null
}

/** Every sentence follows the name of the key and says what to do. */
export const channelSettings = {
  HSOC_BOUNCES: z
    .string()
    .regex(
      /^[^\s@<>()[\]\\,;:"+]{1,40}@[^\s@<>()[\]\\,;:"]+$/,
      'is not an address for returned mails: write bounces@your.domain, without a plus, at most 40 characters before the @',
    )
    .optional(),
  HSOC_BOUNCE_LISTEN: z
    .string()
    .refine((text) => listenIn(text) !== null, 'is not an address and a port like 127.0.0.1:2525')
    .optional(),
}

type Set = z.infer<z.ZodObject<typeof channelSettings>>

/** Keys that need another one, with why. */
export const missingOfChannels = (set: Set): [keyof Set, string][] =>
  set.HSOC_BOUNCE_LISTEN ? [['HSOC_BOUNCES', 'say to which address returned mails come']] : []

export const channelsIn = (set: Set): ChannelConfig => ({
  bounces: set.HSOC_BOUNCES?.toLowerCase() ?? null,
  bounceListen: set.HSOC_BOUNCE_LISTEN ? listenIn(set.HSOC_BOUNCE_LISTEN) : null,
})

/** As the log at start shows it; without secrets. */
export const describeChannels = ({
  bounces,
  bounceListen,
}: ChannelConfig): Record<string, string | null> => ({
  HSOC_BOUNCES: bounces,
  HSOC_BOUNCE_LISTEN: bounceListen && `${bounceListen.host}:${bounceListen.port}`,
})

/** `127.0.0.1:2525` or `[::1]:2525` in its parts; null for anything else. */
function listenIn(text: string): { host: string; port: number } | null {
  const found = /^(?:\[([0-9a-fA-F:.]+)\]|([\d.]+)):(\d{1,5})$/.exec(text)
  const [host, port] = [found?.[1] ?? found?.[2] ?? '', Number(found?.[3])]
  return isIP(host) && port > 0 && port <= 65_535 ? { host, port } : null
}
