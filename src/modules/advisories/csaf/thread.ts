/** Runs in a thread of its own (reader.ts): a large document must not hold up whoever handed it over. */
import { parentPort } from 'node:worker_threads'
import { type Examination, examine } from './examine.ts'

parentPort?.on('message', (job: Examination) => {
  examine(job).then(
    (examined) => parentPort?.postMessage(examined),
    (error: unknown) => {
      throw error
    },
  )
})
