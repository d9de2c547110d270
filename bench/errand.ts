/** Runs a file of this folder as a process of its own, hands it one order and takes one answer. */
import { fork } from 'node:child_process'
import path from 'node:path'

export function errand<Answer>(file: string, role: string, order: object): Promise<Answer> {
  const child = fork(path.join(import.meta.dirname, file), [role], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  return new Promise((resolve, reject) => {
    child.once('message', (answer) => resolve(answer as Answer))
    child.once('exit', (code) => reject(new Error(`${file} ended without an answer (${code})`)))
    child.once('error', reject)
    child.send(order)
  })
}
