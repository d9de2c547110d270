/** A real name server on loopback, for proofs of domains: dns2, over UDP and TCP on one port. */
import { createServer as createSocket } from 'node:net'
import { createServer, Packet } from 'dns2'

/** `silent`: takes the question and never answers; `refused`: answers with an error. */
export type Zone = Map<string, string[] | 'silent' | 'refused'>

export interface NameServer {
  /** As HSOC_DNS_SERVERS names it. */
  address: string
  /** TXT records by name, in lower case; one changes them at any time. */
  zone: Zone
  /** Names asked for, in order. */
  asked: string[]
  close(): Promise<void>
}

const refused = 5
const noSuchName = 3

export async function openNameServer(): Promise<NameServer> {
  const zone: Zone = new Map()
  const asked: string[] = []
  const server = createServer({
    udp: true,
    tcp: true,
    handle: (request, send) => {
      const name = (request.questions[0]?.name ?? '').toLowerCase()
      asked.push(name)
      const records = zone.get(name)
      if (records === 'silent') return
      const response = Packet.createResponseFromRequest(request)
      if (records === undefined) response.header.rcode = noSuchName
      else if (records === 'refused') response.header.rcode = refused
      else
        for (const text of records)
          response.answers.push({
            name,
            type: Packet.TYPE.TXT,
            class: Packet.CLASS.IN,
            ttl: 0,
            data: text.match(/.{1,255}/gs) ?? [''],
          } as InstanceType<typeof Packet>['answers'][number]) // dns2 fills the rest of a record itself
      void send(response)
    },
  })
  const port = await freePort()
  await server.listen({ udp: { port, address: '127.0.0.1' }, tcp: { port, address: '127.0.0.1' } })
  return { address: `127.0.0.1:${port}`, zone, asked, close: () => server.close() }
}

/** UDP and TCP have to share it, so it cannot be chosen by each. */
const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const socket = createSocket()
    socket.once('error', reject)
    socket.listen(0, '127.0.0.1', () => {
      const { port } = socket.address() as { port: number } // listens on an address, so it is no path
      socket.close(() => resolve(port))
    })
  })
