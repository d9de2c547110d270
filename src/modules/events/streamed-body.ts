/** A request's body as a stream of plain bytes, bounded in size and time; each bound has a name that the sender is told. */
import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** Unpacked bytes of one request. More comes as several requests; the answer says what was stored until then. */
const mostUnpacked = 512 * 1024 * 1024
/** Events pack ten to sixty times; what packs far better is no events, and costs minutes of reading. */
const mostPacked = 250
const packedFreely = 16 * 1024 * 1024
/** Between two pieces of a body, and for the whole of it. */
const quietMs = 30_000
const wholeMs = 15 * 60_000

/** The body is at fault, not what it holds. */
export class BodyFault extends Error {
  override name = 'BodyFault'
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

const tooSlow = (): BodyFault => new BodyFault(408, 'too-slow', 'The body came too slowly.')
const cutOff = (): BodyFault => new BodyFault(400, 'cut-off', 'The body ended early.')

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow()), ms)
  })
  // A piece that comes after its time is nobody's any more.
  work.catch(() => {})
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** The pieces as they come; the connection stays open when reading stops early, so that an answer can be given. */
async function* pieces(request: IncomingMessage): AsyncGenerator<Buffer> {
  const reading = request.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>
  const until = performance.now() + wholeMs
  try {
    for (;;) {
      const left = Math.min(quietMs, until - performance.now())
      const next = await within(reading.next(), Math.max(left, 0)).catch((error: unknown) => {
        throw error instanceof BodyFault ? error : cutOff()
      })
      if (next.done) return
      yield next.value
    }
  } finally {
    // Whoever lets the rest go by can only read what nobody else holds. Not awaited: a piece may never come.
    void reading.return?.()
  }
}

async function* counted(
  parts: AsyncGenerator<Buffer>,
  count: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  for await (const part of parts) {
    count(part.length)
    yield part
  }
}

async function* gunzipped(packed: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip()
  // Its errors come out of the loop below.
  pipeline(packed, gunzip, () => {})
  try {
    for await (const chunk of gunzip) yield chunk as Buffer
  } catch (error) {
    if (error instanceof BodyFault) throw error
    throw new BodyFault(400, 'gzip', 'The body is no valid gzip stream.')
  }
}

/** A packed file sent without saying so is known by its first two bytes, with which no text begins. */
async function* asItIs(body: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  let first = Buffer.alloc(0)
  while (first.length < 2) {
    const next = await body.next()
    if (next.done) break
    first = Buffer.concat([first, next.value])
  }
  const whole = followed(first, body)
  yield* first[0] === 0x1f && first[1] === 0x8b ? gunzipped(whole) : whole
}

async function* followed(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first
  yield* rest
}

/** The body unpacked; throws `BodyFault` when it is too large, too slow, cut off or packed in an unknown way. */
export async function* unpackedBody(request: IncomingMessage): AsyncGenerator<Buffer> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase()
  if (!['identity', 'gzip', 'x-gzip'].includes(encoding))
    throw new BodyFault(
      415,
      'encoding',
      `Content-Encoding ${encoding.slice(0, 40)} is not understood; send gzip or plain.`,
    )
  let came = 0
  const body = counted(pieces(request), (bytes) => {
    came += bytes
  })
  let size = 0
  for await (const chunk of encoding === 'identity' ? asItIs(body) : gunzipped(body)) {
    size += chunk.length
    if (size > mostUnpacked)
      throw new BodyFault(
        413,
        'too-large',
        `A request may hold ${mostUnpacked >> 20} MiB unpacked; send the rest as another request.`,
      )
    if (size > packedFreely && size > came * mostPacked)
      throw new BodyFault(413, 'gzip-bomb', `The body unpacks to more than ${mostPacked} times its size.`)
    yield chunk
  }
}
