import http from 'node:http'
import { expect, test } from 'vitest'
import { listen } from '../../test/listening.ts'

interface Reply {
  text: string
  closes: boolean
  port: number | undefined
}

test('a door that closes answers whoever keeps sending, and says that the connection ends with it', async () => {
  const door = await listen({
    host: '127.0.0.1',
    port: 0,
    tls: null,
    plain: true,
    handler: (_request, response) => void response.end('taken'),
  })
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  const ask = (): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const request = http.get({ host: '127.0.0.1', port: door.port, agent }, (answer) => {
        let text = ''
        answer.on('data', (chunk) => {
          text += chunk
        })
        const [closes, port] = [answer.headers.connection === 'close', request.socket?.localPort]
        answer.on('end', () => resolve({ text, closes, port }))
      })
      request.on('error', reject)
    })
  const before = await ask()
  const closed = door.close()
  const last = await ask()
  expect(before).toEqual({ text: 'taken', closes: false, port: last.port })
  expect(last).toMatchObject({ text: 'taken', closes: true })
  await closed
  await expect(ask()).rejects.toThrow(/ECONNREFUSED/)
  agent.destroy()
})
