/** Pages of the public web as a visitor gets them, against static files of the same server: the slowest page against the quickest file. */
import http from 'node:http'
import { spread } from './reader.ts'
import type { Figure, Options } from './report.ts'
import { type Server, startServer } from './server.ts'
import { openStage } from './stage.ts'
import { median, rounded, since } from './statistics.ts'

const rounds = 2_000
const warming = 200
const pages = ['/cs', '/cs/akcni-plan', '/cs/co-je-hsoc']

interface Answer {
  ms: number
  text: string
}

type Times = Record<string, number[]>

export async function measurePublic(_options: Options, say: (line: string) => void): Promise<Figure[]> {
  const stage = await openStage({ keys: 0 })
  try {
    const server = await startServer(stage)
    try {
      const { text } = await get(server, pages[0] as string)
      const files = [...text.matchAll(/href="(\/assets\/[^"]+)"/g)].map((found) => found[1] as string)
      const times: Times = Object.fromEntries([...pages, ...files].map((path) => [path, []]))
      // By turns, so that what else the machine does falls on all alike.
      for (let round = 0; round < warming + rounds; round++)
        for (const [path, taken] of Object.entries(times)) {
          const { ms } = await get(server, path)
          if (round >= warming) taken.push(ms)
        }
      say(`${rounds} of each of ${pages.length} pages and ${files.length} files`)
      return [figureOf(times, files)]
    } finally {
      await server.stop()
    }
  } finally {
    await stage.close()
  }
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })

function get({ httpPort }: Server, path: string): Promise<Answer> {
  const from = performance.now()
  return new Promise((resolve, reject) => {
    const headers = { accept: 'text/html,text/css' }
    const request = http.get({ host: '127.0.0.1', port: httpPort, path, agent, headers, timeout: 60_000 })
    request.on('timeout', () => request.destroy(new Error('no answer in a minute')))
    request.on('error', reject)
    request.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece
      })
      response.on('end', () =>
        response.statusCode === 200
          ? resolve({ ms: since(from), text })
          : reject(new Error(`${path} answered ${response.statusCode}`)),
      )
    })
  })
}

function figureOf(times: Times, files: string[]): Figure {
  const middle = (path: string): number => median(times[path] ?? [])
  const file = Math.min(...files.map(middle))
  const page = Math.max(...pages.map(middle))
  return {
    name: 'public',
    what: 'pages of the public web a second against static files a second of the same server: the slowest page, the quickest file',
    value: rounded(file / page),
    unit: '×',
    must: 0.5,
    aim: 1,
    detail: Object.fromEntries(Object.entries(times).map(([path, taken]) => [path, spread(taken)])),
  }
}
