/** Forms that bring a file: read whole into memory, within limits, and given on as one value of the body. */
import multipart from '@fastify/multipart'
import { Invalid } from './errors.ts'
import type { App } from './http.ts'

interface Upload {
  name: string
  bytes: Buffer
}

export interface UploadLimits {
  /** The most that is read of a file; one byte more is taken, so that a longer one is told from one that just fits. */
  fileBytes: number
  fieldBytes: number
  fields: number
  /** Fields and the file. */
  parts: number
}

/** Lets the routes of this plugin take forms with at most one file. */
export const takeUploads = async (
  app: App,
  { fileBytes, fieldBytes, fields, parts }: UploadLimits,
): Promise<void> => {
  await app.register(multipart, {
    attachFieldsToBody: 'keyValues',
    throwFileSizeLimit: false,
    limits: { files: 1, fileSize: fileBytes + 1, fields, parts, fieldSize: fieldBytes, fieldNameSize: 50 },
    onFile: async (part) => {
      const bytes = await part.toBuffer().catch(() => {
        throw new Invalid('The form ended in the middle of the file. Send it again.')
      })
      const upload: Upload = { name: part.filename, bytes }
      Object.assign(part, { value: upload })
    },
  })
}

/** Browsers send an empty part where no file was chosen. */
export function uploadIn(body: unknown): Upload | null {
  const file = (body as { file?: unknown } | undefined)?.file
  if (typeof file !== 'object' || file === null || !('bytes' in file) || !Buffer.isBuffer(file.bytes))
    return null
  return file.bytes.length === 0 ? null : { name: String((file as Upload).name), bytes: file.bytes } // onFile made it
}
