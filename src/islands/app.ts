/** All that runs in the browser. Each page works without it; this makes it quicker and keeps it current. */
import { config } from '@hotwired/turbo'
import { startCopying } from './copying.ts'
import { startFilters } from './filters.ts'
import { startKeyboard } from './keyboard.ts'
import { startLive } from './live.ts'
import { startPasskeys } from './passkeys.ts'
import { startPush } from './push.ts'
import { startRows } from './rows.ts'
import { startThemes } from './themes.ts'
import { startTimes } from './times.ts'

config.drive.progressBarDelay = 300

startKeyboard()
startRows()
startFilters()
startCopying()
startPasskeys()
startPush()
startThemes()
startTimes()
startLive()
