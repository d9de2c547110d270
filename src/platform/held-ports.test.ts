import { once } from 'node:events'
import net from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { type HeldPort, holdPort, type Server } from './held-ports.ts'

let held: HeldPort
let clients: net.Socket[] = []
afterEach(() => {
  for (const client of clients) client.destroy()
  clients = []
  held.close()
})

async function client(): Promise<net.Socket> {
  const socket = net.connect(held.port, '127.0.0.1')
  clients.push(socket)
  await once(socket, 'connect')
  return socket
}

/** What a child would do: it answers what it is handed. */
function child(name: string): { server: Server; handed: () => number } {
  let handed = 0
  const send = (message: { arrived: string }, socket: net.Socket): boolean => {
    handed += 1
    socket.end(`${name} at ${message.arrived}`)
    return true
  }
  return { server: { isConnected: () => true, send } as unknown as Server, handed: () => handed }
}

const said = async (socket: net.Socket): Promise<string> => String((await once(socket, 'data'))[0])

test('connections wait at the port while nobody serves, and go to whoever serves next', async () => {
  held = await holdPort('sensors', '127.0.0.1', 0)
  const early = await client()
  const first = child('first')
  held.servedBy(first.server)
  expect(await said(early)).toBe('first at sensors')
  held.servedBy(null)
  const meanwhile = [await client(), await client()]
  const gaveUp = await client()
  gaveUp.resetAndDestroy()
  const second = child('second')
  held.servedBy(second.server)
  expect(await Promise.all(meanwhile.map(said))).toEqual(['second at sensors', 'second at sensors'])
  expect(first.handed()).toBe(1)
})

test('a port that is taken is named', async () => {
  held = await holdPort('pages', '127.0.0.1', 0)
  await expect(holdPort('pages', '127.0.0.1', held.port)).rejects.toThrow(`Port ${held.port} is in use`)
})
