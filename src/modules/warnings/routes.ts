/** All that people and programs reach of this module over the web. */
import type { Context } from '../../platform/context.ts'
import type { App } from '../../platform/http.ts'
import { mountTests } from './pages/announced-tests-routes.ts'
import { mountAnswerByLink } from './pages/answer-by-link.tsx'
import { mountCoordinators } from './pages/coordinator-routes.ts'
import { mountExercises } from './pages/exercises-routes.ts'
import { mountBeats } from './pages/heartbeats/door.ts'
import { mountHeartbeats } from './pages/heartbeats/routes.ts'
import { mountList } from './pages/list-routes.ts'
import { mountOncallApi } from './pages/oncall/api.ts'
import { mountOncall } from './pages/oncall/routes.ts'
import { mountRules } from './pages/rules-routes.ts'
import { mountShowApi } from './pages/show-api.ts'
import { mountShow } from './pages/show-routes.ts'
import { mountSuppressed } from './pages/suppressed-routes.ts'
import { mountUnattended } from './pages/unattended-routes.ts'
import { mountOfAdvisories } from './pages/written/advisory-routes.ts'
import { mountAnswers } from './pages/written/answer-routes.ts'
import { mountWrittenApi } from './pages/written/api-routes.ts'
import { mountDerivation } from './pages/written/derivation-routes.ts'
import { mountSingleDuty } from './pages/written/duty-routes.ts'
import { mountEditing } from './pages/written/edit-routes.ts'
import { mountIndicators } from './pages/written/indicators-routes.ts'
import { mountWrittenLink } from './pages/written/link.tsx'
import { mountPassing } from './pages/written/passing-routes.ts'
import { mountPrint } from './pages/written/print-routes.ts'
import { mountRecordApi } from './pages/written/record-api.ts'
import { mountWritten } from './pages/written/show-routes.ts'
import { mountDraftApi } from './pages/written/writing-api/drafts.ts'
import { mountIndicatorApi } from './pages/written/writing-api/indicators.ts'
import { mountOutApi, mountSourcesApi } from './pages/written/writing-api/out.ts'
import { mountSingleDutyApi } from './pages/written/writing-api/single-duty.ts'

export function mountWarnings(app: App, context: Context): void {
  for (const mount of [
    mountList,
    mountShow,
    mountShowApi,
    mountSuppressed,
    mountTests,
    mountExercises,
    mountRules,
    mountCoordinators,
    mountUnattended,
    mountOncall,
    mountOncallApi,
    mountHeartbeats,
    mountBeats,
    mountAnswerByLink,
    mountPassing,
    mountDerivation,
    mountWritten,
    mountWrittenApi,
    mountRecordApi,
    mountPrint,
    mountEditing,
    mountIndicators,
    mountOfAdvisories,
    mountSingleDuty,
    mountAnswers,
    mountWrittenLink,
    mountDraftApi,
    mountIndicatorApi,
    mountOutApi,
    mountSourcesApi,
    mountSingleDutyApi,
  ])
    mount(app, context)
}
