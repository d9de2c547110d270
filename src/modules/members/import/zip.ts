/**
 * Looks into a ZIP file's directory and really unpacks its entries within a limit, before any other program
 * is let near it; and packs what passed. Format: APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12 and 4.3.16.
 */
import { crc32, inflateRawSync } from 'node:zlib'
import { mostZipEntries } from './limits.ts'

export type Unpacked = { ok: true; entries: Map<string, Buffer> } | { ok: false; why: 'too-large' | 'broken' }

const endMark = 0x06054b50
const directoryMark = 0x02014b50
const entryMark = 0x04034b50

/**
 * Unpacks all entries, together at most `limit` bytes. The sizes stated in the directory are checked first, then
 * enforced while inflating, as they may lie. ZIP64 and encrypted entries count as broken: no workbook needs them.
 */
export function unpack(bytes: Buffer, limit: number): Unpacked {
  try {
    return unpackEntries(bytes, limit)
  } catch {
    // Every offset in the file is hostile input: a read outside the buffer means a broken file.
    return { ok: false, why: 'broken' }
  }
}

function unpackEntries(bytes: Buffer, limit: number): Unpacked {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0 || bytes.readUInt32LE(end) !== endMark) return { ok: false, why: 'broken' }
  const count = bytes.readUInt16LE(end + 10)
  if (count > mostZipEntries) return { ok: false, why: 'too-large' }
  const headers = readDirectory(bytes, bytes.readUInt32LE(end + 16), count)
  if (headers === null) return { ok: false, why: 'broken' }
  const stated = headers.reduce((sum, header) => sum + header.size, 0)
  if (stated > limit) return { ok: false, why: 'too-large' }
  const entries = new Map<string, Buffer>()
  for (const header of headers) {
    const content = contentOf(bytes, header)
    if (content === null || entries.has(header.name)) return { ok: false, why: 'broken' }
    entries.set(header.name, content)
  }
  return { ok: true, entries }
}

interface Header {
  name: string
  method: number
  packed: number
  size: number
  offset: number
}

function readDirectory(bytes: Buffer, start: number, count: number): Header[] | null {
  const headers: Header[] = []
  let at = start
  for (let index = 0; index < count; index += 1) {
    if (bytes.readUInt32LE(at) !== directoryMark || (bytes.readUInt16LE(at + 8) & 1) === 1) return null
    const nameLength = bytes.readUInt16LE(at + 28)
    headers.push({
      name: bytes.toString('utf8', at + 46, at + 46 + nameLength),
      method: bytes.readUInt16LE(at + 10),
      packed: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      offset: bytes.readUInt32LE(at + 42),
    })
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return headers
}

function contentOf(bytes: Buffer, header: Header): Buffer | null {
  if (bytes.readUInt32LE(header.offset) !== entryMark) return null
  const start =
    header.offset + 30 + bytes.readUInt16LE(header.offset + 26) + bytes.readUInt16LE(header.offset + 28)
  const packed = bytes.subarray(start, start + header.packed)
  if (packed.length !== header.packed) return null
  if (header.method === 0) return header.size === packed.length ? packed : null
  if (header.method !== 8) return null
  const content = inflateRawSync(packed, { maxOutputLength: Math.max(1, header.size) })
  return content.length === header.size ? content : null
}

/** A ZIP file that holds the entries uncompressed: what a reader gets to see instead of the file that came. */
export function pack(entries: ReadonlyMap<string, Buffer>): Buffer {
  const bodies: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, content] of entries) {
    const nameBytes = Buffer.from(name)
    // Version 2.0, UTF-8 names, stored, no time; then checksum, both sizes, length of the name, no extra field.
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(0x0800, 2)
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(content.length, 14)
    common.writeUInt32LE(content.length, 18)
    common.writeUInt16LE(nameBytes.length, 22)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    bodies.push(mark(entryMark), common, nameBytes, content)
    directory.push(mark(directoryMark), Buffer.from([20, 0]), common, tail, nameBytes)
    offset += 4 + common.length + nameBytes.length + content.length
  }
  const directoryBytes = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.size, 4)
  end.writeUInt16LE(entries.size, 6)
  end.writeUInt32LE(directoryBytes.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...bodies, directoryBytes, mark(endMark), end])
}

function mark(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
