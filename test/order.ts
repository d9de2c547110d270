/** The order of the test files: the longest first, so that no worker is left alone with one of them at the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What drives a browser or starts whole programs, longest first; its files are too short to tell by their size. */
const longest = [
  'test/browser/pages',
  'src/platform/postgres.test',
  'test/faults/',
  'test/cli/',
  'test/browser/',
  'src/modules/events/verify.test',
  'test/walk',
  'test/demo/',
  'test/journeys/',
  'test/gallery/',
]

const placeOf = (file: string): number => {
  const place = longest.findIndex((part) => file.includes(`/${part}`))
  return place < 0 ? longest.length : place
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((a, b) => placeOf(a.moduleId) - placeOf(b.moduleId))
  }
}
