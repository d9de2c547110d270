/** One advisory: how bad it is, what changed, what to do, in which products, and what it was made of. */
import { dayOf, dayShort, exact } from '../../../platform/dates.ts'
import { Button, Chip, Details, Facts, html, Notice, Page, Section, TlpChip } from '../../../ui/index.ts'
import { cvesOf, topScore } from '../content.ts'
import { Changes } from './show-changes.tsx'
import { Products, Remedies, Versions, Vulnerabilities } from './show-parts.tsx'
import type { ShowProps } from './show-props.ts'
import { Waits } from './waits.tsx'
import { categoryIn, flagsIn, Lines, Severity, scoreIn } from './words.tsx'

export function showPage(props: ShowProps): string {
  const { frame, advisory, coordinates, done } = props
  const { t } = frame
  const { line, content, seq } = advisory
  const summary = content.notes.filter(({ category }) => category === 'summary' || category === 'description')
  const flags = flagsIn(t, advisory.versions.find((one) => one.seq === seq)?.flags ?? line.flags)
  return html(
    <Page {...frame} flash={done ? { text: t(`advisories.done.${done}`) } : undefined}>
      <p>
        <a href="/advisories">{t('advisories.back')}</a>
      </p>
      <Waits {...props} />
      {seq < line.seq && (
        <Notice
          kind="careful"
          title={t('advisories.old', { version: content.version })}
          actions={<a href={`/advisories/${line.id}`}>{t('advisories.old.present')}</a>}
        />
      )}
      <Standing {...props} />
      {line.flags.includes('other-content') && (
        <Notice kind="careful" title={t('advisories.flag.other-content')} />
      )}
      {flags.length > 0 && (
        <Notice kind="careful" title={t('advisories.mind')}>
          <ul class="bullets">
            {flags.map((flag) => (
              <li key={flag}>{flag}</li>
            ))}
          </ul>
        </Notice>
      )}
      {coordinates && line.kind === 'hand' && (
        <Button href={`/advisories/${line.id}/edit`}>{t('advisories.hand.edit')}</Button>
      )}
      {props.beside}
      <div lang={content.lang ?? undefined}>
        {summary.map(({ text }, i) => (
          <Lines key={i} text={text} />
        ))}
      </div>
      <Changes {...props} />
      <Remedies {...props} />
      <Products {...props} />
      <Vulnerabilities {...props} />
      <Rest {...props} />
      <Versions {...props} />
    </Page>,
  )
}

function Standing({ frame: { t, zone }, advisory }: ShowProps) {
  const { line, content } = advisory
  const top = topScore(content)
  const day = (at: number) => <span title={exact(at, t, zone)}>{dayShort(dayOf(at, zone), t, true)}</span>
  return (
    <Facts
      facts={[
        {
          label: t('advisories.severity'),
          value: <Severity t={t} severity={line.severity} />,
          note: top && `CVSS ${top.version}: ${scoreIn(t, top.base)}`,
        },
        {
          label: t('advisories.use'),
          value: t(line.exploited ? 'advisories.exploited.yes' : 'advisories.exploited.no'),
          note: line.dueOn && t('advisories.due', { day: dayShort(line.dueOn, t, true) }),
        },
        line.patientSafety && { label: t('advisories.safety'), value: t('advisories.safety.yes') },
        { label: 'TLP', value: <TlpChip t={t} tlp={line.tlp} /> },
        {
          label: t('advisories.publisher'),
          value: line.publisher,
          note: `${line.trackingId}, ${t('advisories.version.of', { version: content.version })}`,
        },
        {
          label: t('advisories.revised'),
          value: day(Date.parse(content.revisedAt)),
          note: t('advisories.released', { day: dayShort(dayOf(line.releasedAt, zone), t, true) }),
        },
        { label: t('advisories.source'), value: line.source },
        line.state !== 'final' && {
          label: t('advisories.state'),
          value: <Chip>{t(`advisories.state.${line.state}`)}</Chip>,
        },
        cvesOf(content).length > 0 && {
          label: 'CVE',
          value: cvesOf(content).slice(0, 10).join(', '),
          note: cvesOf(content).length > 10 && t('advisories.more', { n: cvesOf(content).length - 10 }),
        },
        line.coveredBy !== null && {
          label: t('advisories.covered'),
          value: <a href={`/advisories/${line.coveredBy}`}>{t('advisories.covered.see')}</a>,
        },
      ]}
    />
  )
}

/** Notes that say neither what it is about nor what to do, and where to read on. */
function Rest({ frame: { t }, advisory: { content } }: ShowProps) {
  const notes = content.notes.filter(({ category }) => category !== 'summary' && category !== 'description')
  return (
    <>
      {content.references.length > 0 && (
        <Section title={t('advisories.references')}>
          <ul class="bullets">
            {content.references.slice(0, 50).map(({ text, url }) => (
              <li key={url}>
                <a href={url} rel="noreferrer noopener nofollow" lang={content.lang ?? undefined}>
                  {text || url}
                </a>{' '}
                {text && <span class="muted">{new URL(url).host}</span>}
              </li>
            ))}
          </ul>
        </Section>
      )}
      {notes.length > 0 && (
        <Details summary={t('advisories.notes')}>
          {notes.map(({ category, title, text }, i) => (
            <div key={i} lang={content.lang ?? undefined}>
              <h3>{title || categoryIn(t, 'note', category)}</h3>
              <Lines text={text} />
            </div>
          ))}
        </Details>
      )}
    </>
  )
}
