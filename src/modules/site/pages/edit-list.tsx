/** All texts of the public web for those who edit it. */
import type { T } from '../../../platform/i18n.ts'
import { langs } from '../../../platform/i18n.ts'
import {
  Actions,
  Button,
  EmptyState,
  html,
  Page,
  type PageProps,
  Section,
  Table,
  Time,
} from '../../../ui/index.ts'
import { homePath, type Kind, kinds } from '../places.ts'
import { type EditedText, newestOf, publicOf, translationState, type VersionLine } from '../texts-edit.ts'

interface ListProps {
  frame: PageProps
  texts: EditedText[]
}

export function editListPage({ frame, texts }: ListProps): string {
  const { t } = frame
  return html(
    <Page {...frame} lead={t('site.edit.lead')}>
      <Actions>
        {kinds.map((kind) => (
          <Button key={kind} href={`/site/new?kind=${kind}`}>
            {t(`site.edit.new.${kind}`)}
          </Button>
        ))}
        <Button href="/site/plan">{t('site.edit.plan')}</Button>
        <Button href="/showing">{t('site.showing.title')}</Button>
        <Button href={homePath(t.lang)} kind="quiet">
          {t('site.edit.look')}
        </Button>
      </Actions>
      {kinds.map((kind) => (
        <Section key={kind} title={t(`site.edit.kind.${kind}`)}>
          <TextTable frame={frame} kind={kind} texts={texts.filter((text) => text.kind === kind)} />
        </Section>
      ))}
    </Page>,
  )
}

function TextTable({ frame, kind, texts }: { frame: PageProps; kind: Kind; texts: EditedText[] }) {
  const { t, now, zone } = frame
  return (
    <Table<EditedText>
      caption={t(`site.edit.kind.${kind}`)}
      captionHidden
      rows={texts}
      rowKey={(text) => text.id}
      rowHref={(text) => `/site/texts/${text.id}`}
      empty={<EmptyState title={t(`site.edit.none.${kind}`)} />}
      columns={[
        {
          key: 'title',
          label: t('site.field.title'),
          main: true,
          cell: (text) => <a href={`/site/texts/${text.id}`}>{titleOf(text, t)}</a>,
        },
        ...langs.map((lang) => ({
          key: lang,
          label: t(`site.lang.${lang}`),
          cell: (text: EditedText) => <StateOf t={t} text={text} lang={lang} />,
        })),
        {
          key: 'saved',
          label: t('site.edit.saved'),
          kind: 'time' as const,
          cell: (text) => {
            const last = Math.max(...text.versions.map((line) => line.savedAt))
            return <Time t={t} at={last} now={now} zone={zone} />
          },
        },
      ]}
    />
  )
}

export const titleOf = (text: EditedText, t: T): string =>
  (newestOf(text, t.lang) ?? text.versions[0])?.title ?? ''

/** "zveřejněno, novější koncept; starší než druhý jazyk" */
function StateOf({ t, text, lang }: { t: T; text: EditedText; lang: 'cs' | 'en' }) {
  const shown = publicOf(text, lang)
  const newest = newestOf(text, lang)
  const translation = translationState(text, lang)
  const words = newest
    ? [
        t(`site.state.${stateWord(shown, newest)}`),
        ...(translation === 'older' ? [t('site.state.older')] : []),
      ]
    : [t('site.state.missing')]
  return <>{words.join('; ')}</>
}

function stateWord(shown: VersionLine | undefined, newest: VersionLine): string {
  if (!shown) return newest.state
  if (shown.id === newest.id) return 'public'
  return newest.state === 'planned' ? 'public-planned' : 'public-draft'
}
