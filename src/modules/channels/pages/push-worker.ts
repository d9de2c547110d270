/** The script that shows what is pushed, as it was built. */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { projectRoot } from '../../../platform/content.ts'
import { NotFound } from '../../../platform/errors.ts'
import { asset } from '../../../ui/assets.ts'

export function readWorker(): string {
  try {
    return readFileSync(join(projectRoot, 'dist', 'assets', basename(asset('push-worker.js'))), 'utf8')
  } catch {
    throw new NotFound('The script for push has not been built')
  }
}
