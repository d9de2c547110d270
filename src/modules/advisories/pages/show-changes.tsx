/** What changed against the version before, in the order in which it matters. */
import type { T } from '../../../platform/i18n.ts'
import { type Change, Diff, Section, severityNames } from '../../../ui/index.ts'
import { type Differences, isSame, type Piece } from '../differences.ts'
import type { ShowProps } from './show-props.ts'
import { scoreIn } from './words.tsx'

/** `from`: the version that it is compared with, where that is not the one before. */
export function Changes({
  frame: { t },
  advisory,
  from,
}: { frame: { t: T } } & Pick<ShowProps, 'advisory'> & { from?: number }) {
  const { differences, seq, versions, content } = advisory
  if (!differences) return null
  const before = versions.find((one) => one.seq === (from ?? seq - 1))
  const said = versions.find((one) => one.seq === seq)?.said
  const changes = changesIn(t, differences)
  return (
    <Section
      title={t('advisories.changes')}
      id="changes"
      lead={t('advisories.changes.against', { version: before?.version ?? String(seq - 1) })}
    >
      {said && (
        <p lang={content.lang ?? undefined}>
          {t('advisories.changes.said')} <q>{said}</q>
        </p>
      )}
      {isSame(differences) && <p>{t('advisories.changes.none')}</p>}
      {changes.length > 0 && <Diff t={t} changes={changes} />}
      <Lists t={t} differences={differences} />
      {differences.texts.map(({ title, pieces }) => (
        <div key={title} lang={content.lang ?? undefined}>
          <h3>{title}</h3>
          <Words pieces={pieces} />
        </div>
      ))}
    </Section>
  )
}

function changesIn(t: T, found: Differences): Change[] {
  const { severity, exploited, state, tlp, title } = found
  const level = (value: number | null, score: number | null): string =>
    [
      t(value === null ? 'advisories.severity.none' : `ui.severity.${severityNames[value]}`),
      ...(score === null ? [] : [`(${scoreIn(t, score)})`]),
    ].join(' ')
  const used = (is: boolean): string => t(is ? 'advisories.exploited.yes' : 'advisories.exploited.no')
  const changes: (Change | null)[] = [
    severity && {
      label: t('advisories.severity'),
      before: level(severity.before, severity.from),
      after: level(severity.after, severity.to),
    },
    exploited && {
      label: t('advisories.use'),
      before: used(exploited.before),
      after: used(exploited.after),
    },
    title && { label: t('advisories.hand.title'), ...title },
    state && {
      label: t('advisories.state'),
      before: t(`advisories.state.${state.before}`),
      after: t(`advisories.state.${state.after}`),
    },
    tlp && { label: 'TLP', before: tlp.before ?? '–', after: tlp.after ?? '–' },
  ]
  return changes.filter((one) => one !== null)
}

const mostListed = 100

function Lists({ t, differences }: { t: T; differences: Differences }) {
  const { cves, products, remedies } = differences
  const groups = [
    { title: 'CVE', ...cves },
    ...products.map(({ status, ...both }) => ({ title: t(`advisories.status.${status}`), ...both })),
    { title: t('advisories.remedies'), ...remedies },
  ].filter(({ added, removed }) => added.length + removed.length > 0)
  return (
    <>
      {groups.map(({ title, added, removed }) => (
        <div key={title}>
          <h3>{title}</h3>
          <ul class="bullets site-changes">
            {added.slice(0, mostListed).map((one) => (
              <li key={`+${one}`}>
                <span class="visually-hidden">{t('advisories.changes.added')} </span>
                <ins>{one}</ins>
              </li>
            ))}
            {removed.slice(0, mostListed).map((one) => (
              <li key={`-${one}`}>
                <span class="visually-hidden">{t('advisories.changes.removed')} </span>
                <del>{one}</del>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </>
  )
}

function Words({ pieces }: { pieces: Piece[] }) {
  return (
    <div class="site-changes">
      {pieces.map(({ kind, text }, i) => {
        if (kind === 'same') return <span key={i}>{text}</span>
        const Tag = kind === 'added' ? 'ins' : 'del'
        return <Tag key={i}>{text}</Tag>
      })}
    </div>
  )
}
