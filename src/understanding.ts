/** What replies by text message may mean, wherever they come in: asked in this order, the first that knows takes one. */
import type { Understand } from './modules/channels/index.ts'
import { understandReply } from './modules/emergency/index.ts'
import { understandAnswers } from './modules/warnings/index.ts'
import type { Database } from './platform/database.ts'

export const understanding = (db: Database): Understand[] => [understandAnswers(db), understandReply]
