/** An open page as src/islands/live.ts keeps it fresh: news name a topic only, so the page asks for itself again. */
import type { Reader } from './reader.ts'

export interface Watcher {
  /** Answers when the page said the words: the news that led to it, and the page as it had been read. */
  shows(words: string, withinMs: number): Promise<{ news: number; screen: number }>
  stop(): void
}

/** As the island: at once after a quiet second, else when the second since the last question is over. */
const [soonMs, gapMs] = [20, 1_000]
const path = '/'

export async function watch(reader: Reader): Promise<Watcher> {
  let wanted: { words: string; found: (at: { news: number; screen: number }) => void } | null = null
  let asked = Number.NEGATIVE_INFINITY
  let news = 0
  let timer: NodeJS.Timeout | undefined
  const ask = async (): Promise<void> => {
    timer = undefined
    asked = performance.now()
    const cause = news
    const { text } = await reader.get(path)
    if (wanted && text.includes(wanted.words)) wanted.found({ news: cause, screen: performance.now() })
  }
  const heard = (topic: string): void => {
    if (topic !== 'warnings') return
    news = performance.now()
    timer ??= setTimeout(
      () => void ask().catch(() => {}),
      Math.max(soonMs, asked + gapMs - performance.now()),
    )
  }
  const leave = await reader.follow(heard)
  return {
    shows: (words, withinMs) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          wanted = null
          reject(new Error(`the page did not show ${words} within ${withinMs / 1000} s`))
        }, withinMs)
        wanted = {
          words,
          found: (at) => {
            clearTimeout(late)
            wanted = null
            resolve(at)
          },
        }
      }),
    stop: () => {
      clearTimeout(timer)
      leave()
    },
  }
}
