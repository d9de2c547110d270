/** What an organisation holds and claims, today and on any day before; for coordinators all that waits for a decision. */
import type { ComponentChildren } from 'preact'
import { Chip, html, KeysetPager, Page, Section, Statement, Table, Time } from '../../../ui/index.ts'
import { type ClaimLine, claimsOnPage, mostHeld, mostOpenShown, needsDecision } from '../claims/queries.ts'
import { State, Value } from './address-words.tsx'
import { Ask } from './addresses-ask.tsx'
import { Held } from './addresses-held.tsx'
import { type AddressesProps, isVisited } from './addresses-props.ts'

export function addressesPage(props: AddressesProps): string {
  const { frame, orgs, done } = props
  const { t } = frame
  const name = orgs[0]?.name ?? ''
  return html(
    <Page
      {...frame}
      {...(isVisited(props) ? { title: t('addresses.its.title', { name }) } : {})}
      {...(orgs.length === 1 ? { organisation: name } : {})}
      lead={t(orgs.length === 0 ? 'addresses.lead.all' : 'addresses.lead')}
      flash={done ? { kind: 'done', text: t(`addresses.done.${done}`) } : undefined}
    >
      <Answer {...props} />
      {orgs.length === 0 && <Registry {...props} />}
      <Claims
        {...props}
        id="others"
        title={t(isVisited(props) ? 'addresses.its.others' : 'addresses.others')}
        lead={t(isVisited(props) ? 'addresses.its.others.lead' : 'addresses.others.lead')}
        rows={props.others}
      />
      {orgs.length > 0 ? (
        <Claims {...props} id="open" title={t('addresses.open')} rows={props.own} />
      ) : (
        <Waiting {...props} />
      )}
      {props.own.length > mostOpenShown && (
        <p class="muted">{t('addresses.held.more', { n: mostOpenShown })}</p>
      )}
      {orgs.length > 0 && <Held {...props} />}
      {props.mayClaim.length > 0 && <Ask {...props} />}
      <Earlier {...props} />
    </Page>,
  )
}

/** The state in a sentence, before everything else. */
function Answer(props: AddressesProps) {
  const { orgs, held, own, others, asOf } = props
  const { t } = props.frame
  if (orgs.length === 0 || asOf !== '') return null
  const waits = own.length + others.length
  return (
    <Statement tone={others.length > 0 ? 'urgent' : 'calm'}>
      {t(isVisited(props) ? 'addresses.its.holds' : 'addresses.holds', {
        n: Math.min(held.length, mostHeld),
      })}{' '}
      {waits === 0 ? t('addresses.holds.calm') : t('addresses.holds.waits', { n: waits })}
    </Statement>
  )
}

function Registry({ frame: { t, now, zone }, registry }: AddressesProps) {
  if (!registry) return <p class="muted">{t('addresses.registry.none')}</p>
  return (
    <p class="muted">
      {t('addresses.registry', { file: registry.file, n: registry.rows })}{' '}
      <Time t={t} at={registry.at} now={now} zone={zone} as="short" />
    </p>
  )
}

/** For coordinators: what needs them, apart from what the parties can do by themselves. */
function Waiting(props: AddressesProps) {
  const { t } = props.frame
  return (
    <>
      <Claims
        {...props}
        id="waiting"
        title={t('addresses.waiting')}
        rows={props.own.filter(needsDecision)}
        empty={<p class="muted">{t('addresses.waiting.none')}</p>}
      />
      <Claims
        {...props}
        id="proving"
        title={t('addresses.proving')}
        lead={t('addresses.proving.lead')}
        rows={props.own.filter((claim) => !needsDecision(claim))}
      />
    </>
  )
}

interface ClaimsProps extends AddressesProps {
  id: string
  title: string
  lead?: string
  rows: ClaimLine[]
  empty?: ComponentChildren
}

function Claims(props: ClaimsProps) {
  const { frame, rows, title } = props
  const { t, now, zone } = frame
  if (rows.length === 0 && !props.empty) return null
  const [only, ...more] = props.orgs
  const isOwn = more.length === 0 && rows.every(({ org_id }) => org_id === only?.id)
  return (
    <Section title={title} id={props.id} {...(props.lead ? { lead: props.lead } : {})}>
      <Table
        caption={title}
        captionHidden
        rows={rows}
        rowKey={(row) => row.id}
        rowHref={(row) => `/addresses/claims/${row.id}`}
        empty={props.empty}
        columns={[
          {
            key: 'value',
            label: t('addresses.value'),
            main: true,
            cell: (row) => <Value t={t} {...row} href={`/addresses/claims/${row.id}`} />,
          },
          ...(isOwn
            ? []
            : [
                {
                  key: 'org',
                  label: t('addresses.organisation'),
                  cell: (row: ClaimLine) => row.organisation,
                },
              ]),
          {
            key: 'state',
            label: t('addresses.state'),
            cell: (row) => (
              <>
                <State t={t} claim={row} />
                {row.delegator && t('addresses.offeredBy', { name: row.delegator })}
                {row.state === 'asked' && row.proof && <Chip>{t(`addresses.proof.${row.proof}`)}</Chip>}
              </>
            ),
          },
          {
            key: 'at',
            label: t('addresses.askedAt'),
            kind: 'time',
            cell: (row) => <Time t={t} at={row.askedAt} now={now} zone={zone} as="short" />,
          },
        ]}
      />
    </Section>
  )
}

function Earlier(props: AddressesProps) {
  const { frame, earlier, orgs, paged } = props
  const { t } = frame
  const rows = earlier.slice(0, claimsOnPage)
  const last = rows.at(-1)
  if (rows.length === 0) return null
  const base = props.central && orgs.length === 1 ? `/addresses?org=${orgs[0]?.id}` : '/addresses'
  const join = base.includes('?') ? '&' : '?'
  return (
    <>
      <Claims {...props} id="earlier" title={t('addresses.earlier')} rows={rows} />
      <KeysetPager
        t={t}
        shown={rows.length}
        {...(paged ? { newer: `${base}#earlier` } : {})}
        {...(earlier.length > claimsOnPage && last
          ? { older: `${base}${join}before=${last.id}#earlier` }
          : {})}
      />
    </>
  )
}
