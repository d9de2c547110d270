/** The built product: what is measured is what runs, with its pages compiled. `bin/bench` builds it first. */

const built = <M>(file: string): Promise<M> =>
  import(new URL(`../dist/${file}`, import.meta.url).href) as Promise<M>

export const events = (): Promise<typeof import('../src/modules/events/index.ts')> =>
  built('modules/events/index.js')
export const warnings = (): Promise<typeof import('../src/modules/warnings/index.ts')> =>
  built('modules/warnings/index.js')
export const channels = (): Promise<typeof import('../src/modules/channels/index.ts')> =>
  built('modules/channels/index.js')
export const notices = (): Promise<typeof import('../src/modules/warnings/notices.ts')> =>
  built('modules/warnings/notices.js')
export const members = (): Promise<typeof import('../src/modules/members/members.ts')> =>
  built('modules/members/members.js')
export const people = (): Promise<typeof import('../src/modules/members/find-people.ts')> =>
  built('modules/members/find-people.js')
export const board = async (): Promise<
  typeof import('../src/modules/warnings/written/board-read.ts') &
    typeof import('../src/modules/warnings/written/told.ts') &
    typeof import('../src/modules/warnings/written/times.ts')
> => ({
  ...(await built<typeof import('../src/modules/warnings/written/board-read.ts')>(
    'modules/warnings/written/board-read.js',
  )),
  ...(await built<typeof import('../src/modules/warnings/written/told.ts')>(
    'modules/warnings/written/told.js',
  )),
  ...(await built<typeof import('../src/modules/warnings/written/times.ts')>(
    'modules/warnings/written/times.js',
  )),
})
export const calls = (): Promise<typeof import('../src/modules/emergency/index.ts')> =>
  built('modules/emergency/index.js')
export const callDrafts = (): Promise<typeof import('../src/modules/emergency/draft.ts')> =>
  built('modules/emergency/draft.js')
export const callReleases = (): Promise<typeof import('../src/modules/emergency/release.ts')> =>
  built('modules/emergency/release.js')
