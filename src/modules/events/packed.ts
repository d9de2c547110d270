/** The bytes of a batch as they are kept, and the single event among them. */
import { hash } from 'node:crypto'
import { promisify } from 'node:util'
import { constants, zstdCompress, zstdDecompress } from 'node:zlib'
import { contentHash } from './json-bytes.ts'

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

/** Packs the received bytes of a batch; quickly, as every request waits for it. */
export const pack = (bytes: Buffer): Promise<Buffer> =>
  compress(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }) as Promise<Buffer>

/** Undoes the packing of a batch. */
export const unpack = (raw: Buffer): Promise<Buffer> => decompress(raw) as Promise<Buffer>
export const cut = (bytes: Buffer, off: number, len: number): Buffer => bytes.subarray(off, off + len)

/** What of the received bytes says whether two events are the same: the parsed content where it is JSON, else the bytes. */
export function contentOf(bytes: Buffer): string {
  try {
    return contentHash(JSON.parse(bytes.toString('utf8')))
  } catch {
    return hash('sha1', bytes)
  }
}
