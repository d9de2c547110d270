/** Exactly who gets it, by which way and why, before it goes (and afterwards, as long as nothing changed). */
import type { T } from '../../../../platform/i18n.ts'
import { Details, Notice, Section, Statement, Table } from '../../../../ui/index.ts'
import { namesProducts } from '../../written/exposure.ts'
import type { Reach, Reached } from '../../written/reach.ts'
import type { OwnersWord, Version } from '../../written/types.ts'
import { ownersWords, reasonWords } from './words.tsx'

interface Row {
  key: string
  name: string
  why: string[]
  asked: 'yes' | 'no' | 'inventory'
  webhook: boolean
  people: Reached[]
}

/** By organisation; those without one stand alone. */
function rowsOf(reach: Reach, version: Version, t: T): Row[] {
  const audience = t(`written.audience.${version.audience}`)
  const byInventory = namesProducts(version.rules)
  const unsaid = byInventory && version.severity > 1 ? ('inventory' as const) : ('no' as const)
  const of = (org: number | null): Reached[] => reach.people.filter((one) => one.org === org)
  return [
    ...reach.orgs.map((one) => ({
      key: `o${one.org}`,
      name: one.name,
      why: [
        version.tlp === 'RED' ? t('written.preview.named') : audience,
        ...(one.reasons.length > 0
          ? one.reasons.map((reason) => reasonWords(reason, t))
          : [t(`written.preview.${byInventory ? 'byInventory' : 'notConcerned'}`)]),
      ],
      asked: one.asked ? ('yes' as const) : unsaid,
      webhook: one.webhook,
      people: of(one.org),
    })),
    ...of(null).map((one) => ({
      key: `p${one.person}`,
      name: t('written.preview.coordinator'),
      why: [version.tlp === 'RED' ? t('written.preview.named') : audience],
      asked: 'no' as const,
      webhook: false,
      people: [one],
    })),
  ]
}

/** So many stand open on the page; more are a click away, so that what to do next is not far below. */
const fewOrgs = 12

interface PreviewProps {
  t: T
  reach: Reach
  version: Version
}

export function Preview({
  t,
  reach,
  version,
  owners,
}: PreviewProps & {
  /** How many run what it names; null where it names nothing. */
  owners: OwnersWord | null
}) {
  const asked = reach.orgs.filter((one) => one.asked).length
  const silent = reach.orgs.filter((one) => !reach.people.some((to) => to.org === one.org))
  return (
    <Section title={t('written.preview.title')} id="preview" lead={t(`written.form.${reach.form}`)}>
      {version.severity === 4 && version.tlp !== 'RED' && asked > 0 && (
        <Notice title={t('written.preview.call', { n: asked })} />
      )}
      {reach.people.length === 0 ? (
        <Notice kind="careful" title={t('written.preview.nobody')}>
          <p>{t(reach.orgs.length === 0 ? 'written.preview.empty' : 'written.preview.noContact')}</p>
        </Notice>
      ) : (
        <Statement>
          {[
            t('written.preview.people', { n: reach.people.length }),
            t('written.preview.orgs', { n: reach.orgs.length }),
            t('written.preview.asked', { n: asked }),
          ].join(' ')}
        </Statement>
      )}
      {owners && <Notice kind={owners === 'nobody' ? 'careful' : 'note'} title={ownersWords(owners, t)} />}
      {reach.form !== 'full' && reach.keyed > 0 && <p>{t('written.preview.keyed', { n: reach.keyed })}</p>}
      {silent.length > 0 &&
        reach.people.length > 0 &&
        version.tlp !== 'RED' &&
        version.audience !== 'group' && (
          <Notice kind="careful" title={t('written.preview.silent', { n: silent.length })}>
            <p>{t.list(silent.map((one) => one.name))}</p>
          </Notice>
        )}
      {reach.orgs.length > fewOrgs ? (
        <Details summary={t('written.preview.each', { n: reach.orgs.length })}>
          <Rows t={t} reach={reach} version={version} />
        </Details>
      ) : (
        <Rows t={t} reach={reach} version={version} />
      )}
    </Section>
  )
}

function Rows({ t, reach, version }: PreviewProps) {
  return (
    <Table<Row>
      caption={t('written.preview.title')}
      captionHidden
      rows={rowsOf(reach, version, t)}
      rowKey={(row) => row.key}
      columns={[
        { key: 'org', label: t('written.preview.who'), main: true, cell: (row) => row.name },
        { key: 'why', label: t('written.preview.why'), cell: (row) => row.why.join(' · ') },
        {
          key: 'asked',
          label: t('written.preview.answer'),
          cell: (row) => t(`written.${row.asked}`),
        },
        {
          key: 'people',
          label: t('written.preview.how'),
          cell: (row) =>
            row.people.length === 0 ? (
              t('written.preview.pageOnly')
            ) : (
              <People t={t} people={row.people} webhook={row.webhook} />
            ),
        },
      ]}
      empty={<></>}
    />
  )
}

function People({ t, people, webhook }: { t: T; people: Reached[]; webhook: boolean }) {
  return (
    <ul class="written-people">
      {people.map((one) => (
        <li>
          {one.name ?? t('mails.log.contact')} <span class="muted">{one.address}</span> –{' '}
          {t.list([
            t(`written.way.${one.hold ?? 'mail'}`),
            ...(one.hold === 'unsubscribed' ? [] : one.ways.map((way) => t(`written.way.${way}`))),
          ])}
        </li>
      ))}
      {webhook && <li>{t('written.way.webhook')}</li>}
    </ul>
  )
}
