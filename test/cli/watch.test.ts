/** An installation watched from another machine: whoever is on the list hears of its end and of its return, once each. */
import { writeFileSync } from 'node:fs'
import { createServer, type Server as HttpServer } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openPostOffice, type PostOffice } from '../post-office.ts'
import { freePort, openPlace, type Place, serve } from './program.ts'

let place: Place
let office: PostOffice
let list: string
const numbers: string[] = []
let gateway: HttpServer
const port: Record<string, number> = {}

/** Answers as an installation does that is ready; `heard` gets each question. */
async function listen(at: number, heard: (url: string) => void = () => {}): Promise<HttpServer> {
  const server = createServer((request, response) => {
    heard(request.url ?? '')
    response.end('{"ready":true}')
  })
  await new Promise<void>((done) => server.listen(at, '127.0.0.1', done))
  return server
}
const close = (server: HttpServer): Promise<void> =>
  new Promise((done) => {
    server.close(() => done())
    server.closeAllConnections()
  })

beforeAll(async () => {
  office = await openPostOffice()
  for (const name of ['hsoc', 'gateway']) port[name] = await freePort()
  gateway = await listen(port.gateway ?? 0, (url) => numbers.push(decodeURIComponent(url)))
  place = openPlace(null, {
    HSOC_SMTP_URL: office.url,
    HSOC_MAIL_FROM: 'hlidac@csirt.example',
    HSOC_SMS_URL: `http://127.0.0.1:${port.gateway}/send?to={number}&text={text}`,
    HSOC_SMS_METHOD: 'GET',
  })
  list = join(place.folder, 'people.txt')
  writeFileSync(list, 'jana@posta.example Jana Správná\n+420777000001\n')
})
afterAll(async () => {
  await close(gateway)
  await office.close()
  place.remove()
})

it('tells everybody by mail and text message that it is down, and that it is back, and ends when asked to', async () => {
  const url = `http://127.0.0.1:${port.hsoc}`
  let installation = await listen(port.hsoc ?? 0)
  const watch = serve(['watch', url, '--to', list, '--every', '1', '--misses', '2'], place.env)
  await watch.until(/2 people would be told/)
  await close(installation)
  await watch.until(/does not answer/)
  installation = await listen(port.hsoc ?? 0)
  await watch.until(/answers again/)
  await expect.poll(() => office.to('jana@posta.example').length, { timeout: 20_000 }).toBe(2)
  await expect.poll(() => numbers.length, { timeout: 20_000 }).toBe(2)
  expect(await watch.stop('SIGTERM')).toBe(0)
  await close(installation)
  const [down, up] = office.to('jana@posta.example')
  expect([down?.subject, up?.subject]).toEqual([
    'hSOC nefunguje / hSOC is down',
    'hSOC zase funguje / hSOC is back',
  ])
  expect(down?.text).toContain(`127.0.0.1:${port.hsoc} has not answered since`)
  expect(numbers).toEqual([
    '/send?to=+420777000001&text=hSOC nefunguje',
    '/send?to=+420777000001&text=hSOC zase funguje',
  ])
})

it('says what is wrong before it begins', async () => {
  const wrong = join(place.folder, 'wrong.txt')
  writeFileSync(wrong, 'jana@posta.example\nKarel\n')
  const empty = join(place.folder, 'empty.txt')
  writeFileSync(empty, '# nobody\n')
  const url = 'https://hsoc.example'
  for (const [words, said] of [
    [['watch', 'hsoc.example', '--to', list], 'URL is the address'],
    [['watch', 'ftp://hsoc.example', '--to', list], 'URL is the address'],
    [['watch', url], '--to'],
    [['watch', url, '--to', wrong], 'Karel'],
    [['watch', url, '--to', empty], 'Nobody stands in'],
    [['watch', url, '--to', list, '--every', '0'], '--every is a number'],
    [['watch', url, '--to', list, '--misses', 'five'], '--misses is a number'],
  ] as const) {
    const answered = await place.hsoc([...words])
    expect([answered.code, answered.err], words.join(' ')).toEqual([2, expect.stringContaining(said)])
  }
  const missing = await place.hsoc(['watch', url, '--to', join(place.folder, 'none.txt')])
  expect([missing.code, missing.err]).toEqual([1, expect.stringContaining('none.txt')])
  const bare = openPlace(null)
  const without = await bare.hsoc(['watch', url, '--to', list])
  expect([without.code, without.err]).toEqual([2, expect.stringContaining('HSOC_SMTP_URL')])
  bare.remove()
})
