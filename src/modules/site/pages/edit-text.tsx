/** One text for its editors: the next version, every version before it, publishing, and where it stands. */
import { type Lang, langs } from '../../../platform/i18n.ts'
import {
  Button,
  Chip,
  Field,
  type Flash,
  Form,
  html,
  Notice,
  Page,
  type PageProps,
  Section,
  Table,
  Tabs,
  Time,
} from '../../../ui/index.ts'
import type { Occasion } from '../occasions.ts'
import { otherLang, pathOf } from '../places.ts'
import { menus, type Save } from '../texts.ts'
import { type EditedText, newestOf, publicOf, translationState, type VersionLine } from '../texts-edit.ts'
import {
  type Errors,
  Preview,
  SaveButtons,
  ScheduleFields,
  type ScheduleForm,
  WordFields,
} from './edit-form.tsx'

export interface EditTextProps {
  frame: PageProps & { zone: string }
  text: EditedText
  lang: Lang
  given: Save
  errors: Errors
  preview?: boolean
  /** Somebody saved a newer version while this one was being written: its id. */
  overtaken?: number
  occasion: Occasion | null
  schedule?: ScheduleForm
  flash?: Flash
}

export function editTextPage(props: EditTextProps): string {
  const { frame, text, lang, preview, given } = props
  const { t } = frame
  return html(
    <Page {...frame} flash={props.flash}>
      <Tabs
        t={t}
        label={t('site.field.lang')}
        active={lang}
        tabs={langs.map((one) => ({
          key: one,
          label: t(`site.lang.${one}`),
          href: `/site/texts/${text.id}?lang=${one}`,
        }))}
      />
      <Standing {...props} />
      {preview && <Preview t={t} words={given} lang={lang} />}
      <NextVersion {...props} />
      <Versions {...props} />
      {text.kind === 'page' && text.key !== 'home' && <MenuPlace {...props} />}
      {props.occasion && <Schedule {...props} occasion={props.occasion} />}
    </Page>,
  )
}

/** What the public reads now, and how the two languages stand to each other. */
function Standing({ frame, text, lang }: EditTextProps) {
  const { t } = frame
  const shown = publicOf(text, lang)
  const translation = translationState(text, lang)
  return (
    <>
      <p>
        {shown ? (
          <a href={pathOf(text, lang)}>{t('site.edit.public', { no: shown.no })}</a>
        ) : (
          t('site.edit.notPublic')
        )}
      </p>
      {translation !== 'own' && (
        <Notice kind="careful">
          <p>{t(`site.edit.translation.${translation}`)}</p>
        </Notice>
      )}
      {shown && (
        <Form action={`/site/texts/${text.id}/withdrawal`} csrf={frame.csrf} hidden={{ lang }}>
          <Button kind="danger" consequence={t('site.edit.withdraw.what')}>
            {t('site.edit.withdraw')}
          </Button>
        </Form>
      )}
    </>
  )
}

function NextVersion({ frame, text, lang, given, errors, overtaken }: EditTextProps) {
  const { t } = frame
  const other = newestOf(text, otherLang(lang))
  return (
    <Section title={t('site.edit.write')}>
      {overtaken !== undefined && (
        <Notice kind="wrong" title={t('site.edit.overtaken')}>
          <p>
            <a href={`/site/versions/${overtaken}`}>{t('site.edit.overtaken.see')}</a>
          </p>
        </Notice>
      )}
      <Form
        action={`/site/texts/${text.id}/versions`}
        csrf={frame.csrf}
        hidden={{ lang, base: given.base }}
        label={t('site.edit.write')}
        noTurbo
      >
        <WordFields t={t} given={given} errors={errors} />
        {other && (
          <Field
            type="checkbox"
            name="matches"
            label={t('site.field.matches', { lang: t(`site.lang.${otherLang(lang)}`), no: other.no })}
            checked={given.matches}
            hint={t('site.field.matches.hint')}
          />
        )}
        <SaveButtons t={t} />
      </Form>
    </Section>
  )
}

function Versions({ frame, text, lang }: EditTextProps) {
  const { t, now, zone } = frame
  const own = text.versions.filter((line) => line.lang === lang)
  return (
    <Section title={t('site.versions.title')} id="versions">
      <Table<VersionLine>
        caption={t('site.versions.title')}
        captionHidden
        rows={own}
        rowKey={(line) => line.id}
        rowHref={(line) => `/site/versions/${line.id}`}
        empty={<p class="muted">{t('site.versions.none')}</p>}
        columns={[
          {
            key: 'no',
            label: t('site.versions.no'),
            main: true,
            cell: (line) => (
              <a href={`/site/versions/${line.id}`}>
                {t('site.versions.one', { no: line.no })}: {line.title}
              </a>
            ),
          },
          {
            key: 'state',
            label: t('site.versions.state'),
            cell: (line) => (
              <>
                <Chip>{t(`site.state.${line.state}`)}</Chip>{' '}
                {line.state === 'planned' && line.publishAt !== null && (
                  <Time t={t} at={line.publishAt} now={now} zone={zone} as="short" />
                )}
              </>
            ),
          },
          {
            key: 'saved',
            label: t('site.edit.saved'),
            kind: 'time',
            cell: (line) => <Time t={t} at={line.savedAt} now={now} zone={zone} as="short" />,
          },
          { key: 'by', label: t('site.versions.by'), cell: (line) => line.savedBy ?? 'hSOC' },
        ]}
      />
    </Section>
  )
}

function MenuPlace({ frame, text }: EditTextProps) {
  const { t } = frame
  return (
    <Section title={t('site.menu.title')}>
      <Form action={`/site/texts/${text.id}/place`} csrf={frame.csrf} label={t('site.menu.title')}>
        <Field
          label={t('site.menu')}
          name="menu"
          type="select"
          value={text.menu}
          options={menus.map((menu) => ({ value: menu, label: t(`site.menu.${menu}`) }))}
        />
        <Field
          label={t('site.menu.position')}
          name="position"
          type="number"
          min={0}
          max={1000}
          value={text.position}
          hint={t('site.menu.position.hint')}
        />
        <Button>{t('site.menu.do')}</Button>
      </Form>
    </Section>
  )
}

function Schedule(props: EditTextProps & { occasion: Occasion }) {
  const { frame, text, occasion, schedule, errors } = props
  const { t, zone } = frame
  if (occasion.cancelledAt !== null) return <p>{t('site.occasion.cancelled')}</p>
  return (
    <Section title={t('site.occasion.schedule')} id="schedule" lead={t('site.occasion.schedule.lead')}>
      <Form action={`/site/texts/${text.id}/schedule`} csrf={frame.csrf} label={t('site.occasion.schedule')}>
        {schedule && <ScheduleFields t={t} given={schedule} errors={errors} zone={zone} />}
        <Button>{t('site.occasion.schedule.do')}</Button>
      </Form>
      <Form action={`/site/texts/${text.id}/cancellation`} csrf={frame.csrf}>
        <Button kind="danger" consequence={t('site.occasion.cancel.what')}>
          {t('site.occasion.cancel')}
        </Button>
      </Form>
    </Section>
  )
}
