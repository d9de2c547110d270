/** One item: what is known of it, whether it is still supported and why, and its history. */
import type { Frame } from '../../../platform/frame.ts'
import {
  Actions,
  Button,
  Diff,
  EmptyState,
  Facts,
  type Flash,
  Form,
  html,
  Notice,
  Page,
  Section,
  Time,
  Timeline,
} from '../../../ui/index.ts'
import { type Asset, type AssetField, fields } from '../asset.ts'
import type { Change } from '../queries.ts'
import type { Standing } from '../support/standing.ts'
import { SupportChip, SupportWhy } from './parts.tsx'
import { fieldIn, inventoryOf, valueIn } from './words.ts'

export interface ShowProps {
  frame: Frame
  asset: Asset
  /** Of the organisation. */
  name: string
  standing: Standing
  history: Change[]
  mayKeep: boolean
  flash?: Flash | undefined
}

/** What programs call it: shown where it is known. */
const codes: AssetField[] = ['cpe', 'purl']

export function showPage(props: ShowProps): string {
  const { frame, asset, name, standing, history } = props
  const { t } = frame
  return html(
    <Page {...frame} organisation={name} lead={t(`assets.kind.${asset.kind}`)} flash={props.flash}>
      {asset.removedAt !== null && (
        <Notice kind="careful">
          {t('assets.isRemoved')} <Time t={t} at={asset.removedAt} now={frame.now} zone={frame.zone} />
        </Notice>
      )}
      <Section title={t('assets.support')} id="support">
        <p>
          <SupportChip t={t} standing={standing} />
        </p>
        <p>
          <SupportWhy t={t} standing={standing} />
        </p>
      </Section>
      <Section title={t('assets.known')} id="known">
        <Facts
          facts={fields
            .filter((field) => field !== 'kind' && field !== 'supportEndsOn')
            .filter((field) => !codes.includes(field) || asset[field])
            .map((field) => ({ label: fieldIn(field, t), value: valueIn(field, asset[field], t) }))}
        />
      </Section>
      <Deeds {...props} />
      <Section title={t('assets.history')} id="history">
        {history.length === 0 && <EmptyState title={t('assets.history.none')} />}
        <Timeline
          t={t}
          now={frame.now}
          zone={frame.zone}
          items={history.map((change) => ({
            at: change.at,
            title: t(`assets.way.${change.way}`),
            by: change.actor,
            body: <ChangeBody {...props} change={change} />,
          }))}
        />
      </Section>
    </Page>,
  )
}

function ChangeBody({ frame: { t }, asset, change }: ShowProps & { change: Change }) {
  return (
    <>
      {change.file !== null && (
        <p>
          <a href={`${inventoryOf(asset.org)}/import/${change.importId}`}>
            {t('assets.history.file', { name: change.file })}
          </a>
        </p>
      )}
      {change.way === 'changed' && (
        <Diff
          t={t}
          changes={(Object.keys(change.after) as AssetField[]).map((field) => ({
            label: fieldIn(field, t),
            before: valueIn(field, change.before[field], t),
            after: valueIn(field, change.after[field], t),
          }))}
        />
      )}
    </>
  )
}

function Deeds({ frame, asset, mayKeep }: ShowProps) {
  const { t, csrf } = frame
  const path = `${inventoryOf(asset.org)}/${asset.id}`
  return (
    <Actions>
      {mayKeep && asset.removedAt === null && (
        <Button kind="primary" href={`${path}/edit`}>
          {t('assets.change')}
        </Button>
      )}
      {mayKeep && (
        <Form
          action={`${path}/${asset.removedAt === null ? 'removal' : 'restoration'}`}
          csrf={csrf}
          label={t('assets.deeds')}
        >
          <Button kind={asset.removedAt === null ? 'danger' : 'plain'}>
            {t(asset.removedAt === null ? 'assets.remove' : 'assets.restore')}
          </Button>
        </Form>
      )}
      <Button kind="quiet" href={inventoryOf(asset.org)}>
        {t('assets.back')}
      </Button>
    </Actions>
  )
}
