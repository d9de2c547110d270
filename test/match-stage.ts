/** Hospitals with inventories, advisories that come, and the worker that brings them together. */
import type { ParsedMail } from 'mailparser'
import { addAsset, changeAsset, setRemoved } from '../src/modules/assets/assets.ts'
import type { Given } from '../src/modules/assets/understand.ts'
import { openMailer, work as workChannels } from '../src/modules/channels/index.ts'
import { mailWriters, openMatcher } from '../src/modules/matches/index.ts'
import { listMatches, type MatchLine } from '../src/modules/matches/read.ts'
import { type Actor, asActor } from '../src/platform/access.ts'
import { type AdvisoryStage, openAdvisoryStage } from './advisory-stage.ts'
import { addHospital, addPerson, type Hospital, tuesday } from './harness.ts'
import { openPostOffice, type PostOffice, testContext } from './post-office.ts'

export interface MatchStage extends AdvisoryStage {
  office: PostOffice
  lipova: Hospital
  vymysl: Hospital
  /** Administrators of the two. */
  jana: Actor
  ota: Actor
  own(who: Actor, given: Partial<Given> & { product: string }, now?: number): Promise<number>
  change(who: Actor, asset: number, given: Partial<Given>, now?: number): Promise<unknown>
  remove(who: Actor, asset: number, now?: number): Promise<void>
  /** The worker's steps until nothing is left; answers how many did something. */
  step(now?: number): Promise<number>
  items(who: Actor, state?: 'all' | 'living', now?: number): Promise<MatchLine[]>
  /** `kind state reason` of each message about matches, in their order. */
  messages(): Promise<string[]>
  send(now?: number): Promise<number>
  mailsTo(who: Actor): ParsedMail[]
  close(): Promise<void>
}

export const pump = {
  kind: 'medical' as const,
  vendor: 'Pumpy',
  product: 'Infusion 3',
  version: '2.1',
}

export async function openMatchStage(): Promise<MatchStage> {
  const stage = await openAdvisoryStage()
  const { db } = stage
  const lipova = await addHospital(db, 'Nemocnice Jedlová', [])
  const vymysl = await addHospital(db, 'Nemocnice Dolní Výmysl', [])
  const jana = await addPerson(db, 'Jana Nová', [['admin', lipova]])
  const ota = await addPerson(db, 'Ota Jiný', [['admin', vymysl]])
  const office = await openPostOffice()
  const context = testContext(db)
  const mailer = openMailer({ smtpUrl: office.url, mailFrom: 'hsoc@hsoc.example', dkim: null }, mailWriters)
  const matcher = openMatcher(context)
  return {
    ...stage,
    ...{ office, lipova, vymysl, jana, ota },
    own: (who, given, now = tuesday) =>
      asActor(db, who, now, (tx) =>
        addAsset(tx, who.engagements[0]?.org ?? 0, { kind: 'medical', ...given } as Given, 'hand', who, now),
      ),
    change: (who, asset, given, now = tuesday) =>
      asActor(db, who, now, (tx) => changeAsset(tx, asset, given as Given, who, now)),
    remove: (who, asset, now = tuesday) =>
      asActor(db, who, now, (tx) => setRemoved(tx, asset, true, who, now)),
    step: async (now = tuesday) => {
      let steps = 0
      while ((await matcher.work(now)) > 0) steps += 1
      return steps
    },
    items: (who, state = 'living', now = tuesday) =>
      asActor(db, who, now, (tx) => listMatches(tx, { state }, null, 100)),
    messages: async () =>
      (
        await db.engine.query<{ said: string }>(
          `select concat_ws(' ', kind, state, reason) as said from deliveries where match_id is not null order by id`,
        )
      ).rows.map(({ said }) => said),
    send: (now = tuesday) => workChannels(context, mailer, now).then(() => office.mails.length),
    mailsTo: (who) => office.mails.filter(({ to }) => JSON.stringify(to).includes(who.email)),
    close: async () => {
      await mailer.close()
      await office.close()
      await db.drop()
    },
  }
}
