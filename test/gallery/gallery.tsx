/** Writes the gallery as static HTML: `gallery.test.ts` serves, checks and photographs it. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { langs, translator } from '../../src/platform/i18n.ts'
import { sheets } from './sheets.tsx'

/** Renders every sheet in both languages of the frame into `folder`; returns the file names. */
export function writeGallery(folder: string): string[] {
  mkdirSync(folder, { recursive: true })
  return langs.flatMap((lang) =>
    Object.entries(sheets(translator(lang))).map(([name, page]) => {
      const file = `${name}.${lang}.html`
      writeFileSync(join(folder, file), page)
      return file
    }),
  )
}
