/** What a PDF says, read by another program than the one that made it. */
import { extractText, getDocumentProxy, getMeta } from 'unpdf'

export interface PdfRead {
  /** One text a page. */
  pages: string[]
  title: unknown
  language: unknown
  /** Its parts are named for those who hear it. */
  tagged: boolean
}

export async function readPdf(bytes: Buffer): Promise<PdfRead> {
  const document = await getDocumentProxy(new Uint8Array(bytes))
  const { text } = await extractText(document, { mergePages: false })
  const { info } = await getMeta(document)
  const mark = (await document.getMarkInfo()) as { Marked?: boolean } | null
  return {
    pages: text.map((page) => page.replace(/\s+/g, ' ')),
    title: info.Title,
    language: info.Language,
    tagged: mark?.Marked === true,
  }
}
