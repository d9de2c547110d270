/** An open page as src/islands/live.ts keeps it fresh: news name a topic only, so the page asks for itself again. */
import type { Reader } from './reader.ts'

export interface Watcher {
  /** Answers when the page said the words, with the readings of all news of warnings until then. */
  shows(words: string, withinMs: number): Promise<{ heard: number[]; screen: number }>
  stop(): void
}

/** As the island: at once after a quiet second, else when the second since the last question is over. */
const [soonMs, gapMs] = [20, 1_000]
const path = '/'

/** `always`: the page asks at every news, as a browser does; else only while something is expected of it. */
export async function watch(reader: Reader, always: boolean): Promise<Watcher> {
  let wanted: { words: string; found: (screen: number) => void } | null = null
  let asked = Number.NEGATIVE_INFINITY
  let news: number[] = []
  let timer: NodeJS.Timeout | undefined
  const ask = async (): Promise<void> => {
    timer = undefined
    asked = performance.now()
    const { text } = await reader.get(path)
    if (wanted && text.includes(wanted.words)) wanted.found(performance.now())
  }
  const heard = (topic: string): void => {
    if (topic !== 'warnings' || !(wanted || always)) return
    news.push(performance.now())
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
        news = []
        wanted = {
          words,
          found: (screen) => {
            clearTimeout(late)
            wanted = null
            resolve({ heard: news, screen })
          },
        }
      }),
    stop: () => {
      clearTimeout(timer)
      leave()
    },
  }
}
