/** Before each test file: a message or parameter that is missing fails the test that shows it. */
import { failOnMissing } from '../src/platform/i18n.ts'

failOnMissing(true)
