/** Runs in a process of its own (pdf.ts): reads one job, writes one document, ends. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import { projectRoot } from './content.ts'

interface Job {
  template: string
  /** JSON. */
  data: string
  /** Seconds since 1970. */
  at: number
}

const job = JSON.parse(await text(process.stdin)) as Job // written by pdf.ts
const folder = path.join(projectRoot, 'content', 'print')
const compiler = NodeCompiler.create({ workspace: folder })
const made = compiler.compile({
  mainFileContent: readFileSync(path.join(folder, `${job.template}.typ`), 'utf8'),
  inputs: { data: job.data },
})
if (made.result === null) {
  const wrong = made.takeDiagnostics()
  throw new Error(wrong ? JSON.stringify(compiler.fetchDiagnostics(wrong)).slice(0, 900) : 'no document')
}
process.stdout.write(drawn(made.result))

/** By PDF/UA-1, so that it can be read aloud; where somebody wrote a sign that no font has, tagged all the same but not by that standard. */
function drawn(document: NonNullable<typeof made.result>): Buffer {
  const at = { creationTimestamp: job.at }
  try {
    return compiler.pdf(document, { ...at, pdfStandard: 'ua-1' })
  } catch {
    return compiler.pdf(document, at)
  }
}
