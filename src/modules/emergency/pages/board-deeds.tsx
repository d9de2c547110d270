/** What coordinators can do with a call below its board, and every answer that was given. */
import { exact } from '../../../platform/dates.ts'
import type { T } from '../../../platform/i18n.ts'
import { Actions, Button, Chip, Details, EmptyState, Form, Section, Table } from '../../../ui/index.ts'
import type { GivenAnswer } from '../answer.ts'
import { type Broadcast, isRunning } from '../types.ts'
import { answerWords } from '../words.ts'
import type { BoardProps } from './board-props.ts'

export function Deeds({ frame: { t, csrf }, call, lines }: BoardProps) {
  const silent = lines.filter(
    ({ state, excused }) => excused === null && !['answered', 'acknowledged'].includes(state),
  ).length
  const path = `/rollcalls/${call.id}`
  return (
    <Section title={t('rollcalls.deeds')}>
      <Actions>
        <Button href={`${path}/calls`}>{t('rollcalls.calls')}</Button>
        <Protocol t={t} call={call} />
      </Actions>
      <Form action={`${path}/again`} csrf={csrf} label={t('rollcalls.deeds')}>
        <Actions>
          <Button disabledReason={silent === 0 ? t('rollcalls.again.nobody') : undefined}>
            {t('rollcalls.again', { n: silent })}
          </Button>
        </Actions>
      </Form>
      {call.reviewDueAt !== null && call.judgedAt === null && (
        <Form action={`${path}/review`} csrf={csrf} label={t('rollcalls.judge')}>
          <Actions>
            <Button>{t('rollcalls.judge')}</Button>
          </Actions>
        </Form>
      )}
      <Details summary={t('rollcalls.end')}>
        <Form action={`${path}/close`} csrf={csrf} label={t('rollcalls.close')}>
          <Actions>
            <Button consequence={t('rollcalls.close.what')}>{t('rollcalls.close')}</Button>
          </Actions>
        </Form>
        <Form action={`${path}/cancellation`} csrf={csrf} label={t('rollcalls.cancel')}>
          <Actions>
            <Button kind="danger" consequence={t('rollcalls.cancel.what')}>
              {t('rollcalls.cancel')}
            </Button>
          </Actions>
        </Form>
      </Details>
    </Section>
  )
}

const Protocol = ({ t, call }: { t: T; call: Broadcast }) => (
  <>
    <a href={`/rollcalls/${call.id}/protocol.csv`} data-turbo="false">
      {t('rollcalls.protocol')}
    </a>{' '}
    <a href={`/rollcalls/${call.id}/protocol.pdf`} data-turbo="false">
      {t('rollcalls.protocol.pdf')}
    </a>
  </>
)

export function Said({ frame: { t, zone }, call, lines, answers }: BoardProps) {
  const names = new Map(lines.map((line) => [line.org, line.name]))
  return (
    <Section title={t('rollcalls.answers')} actions={!isRunning(call) && <Protocol t={t} call={call} />}>
      <Table<GivenAnswer>
        caption={t('rollcalls.answers')}
        captionHidden
        rows={answers}
        rowKey={(row) => `${row.org} ${row.at} ${row.code}`}
        columns={[
          { key: 'org', label: t('rollcalls.col.org'), main: true, cell: (row) => names.get(row.org) ?? '–' },
          {
            key: 'answer',
            label: t('rollcalls.col.answer'),
            cell: (row) => (
              <>
                {answerWords(call, row.code, t)} {!row.counted && <Chip>{t('rollcalls.notCounted')}</Chip>}
              </>
            ),
          },
          {
            key: 'who',
            label: t('rollcalls.col.who'),
            cell: (row) =>
              `${row.person ?? '–'} (${t(`ui.role.${row.role}`)}, ${t(`rollcalls.via.${row.via}`)})`,
          },
          { key: 'note', label: t('rollcalls.field.note'), cell: (row) => row.note || '–' },
          { key: 'at', label: t('rollcalls.col.at'), kind: 'time', cell: (row) => exact(row.at, t, zone) },
        ]}
        empty={<EmptyState title={t('rollcalls.answers.none')} />}
      />
    </Section>
  )
}
