/** One contact: its form for who keeps the book, its proof, the person's own word, and taking it away. */
import type { Frame } from '../../../../platform/frame.ts'
import { Actions, Button, Facts, Field, Form, html, Notice, Page, Section } from '../../../../ui/index.ts'
import type { Entry } from '../../contacts/book.ts'
import { type Oddity, readable } from '../../contacts/values.ts'
import type { UnderWay } from '../../contacts/verify.ts'
import { channels, type Purpose, purposes, visibilities } from '../../contacts/words.ts'
import { hoursOf, Proof, Value } from './parts.tsx'
import { Verification } from './verification.tsx'

export const pointDone = ['saved', 'sent', 'code', 'verified', 'agreed', 'disagreed'] as const

/** Fields of the form as they were typed. */
export type Typed = Record<string, string | undefined>

interface FormProps {
  frame: Frame
  org: number
  people: { id: number; name: string }[]
  given: Typed
  errors: Record<string, string>
  /** Purposes that would lose their last proved contact: asked before it is done. */
  last?: Purpose[]
}

export interface PointProps extends FormProps {
  /** Of the organisation. */
  name: string
  point: number
  /** The contact as it stands, once for each purpose. */
  entries: [Entry, ...Entry[]]
  oddity: Oddity | null
  /** The actor may change the book. */
  mayKeep: boolean
  /** The actor is a coordinator, who calls. */
  mayCall: boolean
  /** The actor acts for the organisation. */
  isOwn: boolean
  /** The contact is the actor's own. */
  isSelf: boolean
  underWay: UnderWay | null
  /** Codes can go out by short message. */
  hasSms: boolean
  /** Removing was asked for and has to be confirmed for these purposes. */
  removing?: Purpose[]
  done?: (typeof pointDone)[number] | undefined
  codeError?: string | undefined
}

/** Adding: the form alone. */
export function newPointPage(props: FormProps & { name: string }): string {
  const { frame, org, name } = props
  const { t } = frame
  return html(
    <Page {...frame} organisation={name} lead={name} narrow>
      <ContactForm {...props} action={`/members/${org}/contacts`} label={t('contacts.add')} />
      <Back frame={frame} org={org} />
    </Page>,
  )
}

export function pointPage(props: PointProps): string {
  const { frame, org, name, point, entries, done, mayKeep } = props
  const { t } = frame
  const [entry] = entries
  return html(
    <Page
      {...frame}
      organisation={name}
      lead={name}
      narrow
      flash={done ? { text: t(`contacts.done.${done}`) } : undefined}
    >
      {props.oddity && <Notice kind="careful">{t(`contacts.oddity.${props.oddity}`)}</Notice>}
      <p>
        <Value channel={entry.channel} value={entry.value} />
      </p>
      <Facts
        facts={[
          { label: t('contacts.channel'), value: t(`contacts.channel.${entry.channel}`) },
          {
            label: t('contacts.purposes'),
            value: t.list(entries.map((one) => t(`contacts.for.${one.purpose}`))),
          },
          hoursOf(entry, t) !== '' && { label: t('contacts.hours'), value: hoursOf(entry, t) },
          { label: t('contacts.proof'), value: <Proof frame={frame} verifiedAt={entry.verifiedAt} /> },
        ]}
      />
      <Verification {...props} />
      <Agreement {...props} />
      {mayKeep && (
        <Section title={t('contacts.change')} id="change">
          <ContactForm {...props} action={`/members/${org}/contacts/${point}`} label={t('contacts.save')} />
        </Section>
      )}
      {mayKeep && <Removal {...props} />}
      <Back frame={frame} org={org} />
    </Page>,
  )
}

const Back = ({ frame: { t }, org }: { frame: Frame; org: number }) => (
  <p>
    <a href={`/members/${org}/contacts`}>{t('contacts.back')}</a>
  </p>
)

/** Somebody's own name and number go to other members only with their own word. */
function Agreement({ frame, org, point, entries, isSelf }: PointProps) {
  const { t, csrf } = frame
  const [entry] = entries
  if (!entries.some((one) => one.visibility === 'members') || entry.person === null) return null
  const path = `/members/${org}/contacts/${point}/agreement`
  return (
    <Section title={t('contacts.agreement')} id="agreement">
      <p>
        {t(entry.agreed ? 'contacts.agreement.given' : 'contacts.agreement.missing', { name: entry.name })}
      </p>
      {isSelf && (
        <Form action={entry.agreed ? `${path}/withdrawal` : path} csrf={csrf}>
          <Button kind={entry.agreed ? 'plain' : 'primary'}>
            {t(entry.agreed ? 'contacts.disagree' : 'contacts.agree')}
          </Button>
        </Form>
      )}
    </Section>
  )
}

function Removal({ frame: { t, csrf }, org, point, removing }: PointProps) {
  return (
    <Section title={t('contacts.remove')} id="removal">
      {removing ? <Last t={t} purposes={removing} /> : <p>{t('contacts.remove.what')}</p>}
      <Form
        action={`/members/${org}/contacts/${point}/removal`}
        csrf={csrf}
        hidden={removing ? { sure: '1' } : {}}
      >
        <Button kind="danger">{t(removing ? 'contacts.remove.sure' : 'contacts.remove.do')}</Button>
      </Form>
    </Section>
  )
}

const Last = ({ t, purposes: lost }: { t: Frame['t']; purposes: Purpose[] }) => (
  <Notice kind="wrong" title={t('contacts.last')}>
    <p>
      {t('contacts.last.what', { purposes: t.list(lost.map((purpose) => t(`contacts.for.${purpose}`))) })}
    </p>
  </Notice>
)

function ContactForm({
  frame,
  people,
  given,
  errors,
  last,
  action,
  label,
}: FormProps & { action: string; label: string }) {
  const { t, csrf } = frame
  const wrong = (field: string): string | undefined =>
    errors[field] ? t(`contacts.error.${errors[field]}`) : undefined
  return (
    <Form action={action} csrf={csrf} hidden={last ? { sure: '1' } : {}}>
      {last && <Last t={t} purposes={last} />}
      <Field
        label={t('contacts.person')}
        name="person"
        type="select"
        value={given.person ?? ''}
        options={[
          { value: '', label: t('contacts.person.none') },
          ...people.map((one) => ({ value: String(one.id), label: one.name })),
        ]}
        error={wrong('person')}
      />
      <Field
        label={t('contacts.name.label')}
        name="name"
        maxlength={100}
        value={given.name}
        hint={t('contacts.name.hint')}
        error={wrong('name')}
        autocomplete="off"
      />
      <Field
        label={t('contacts.channel')}
        name="channel"
        type="select"
        value={given.channel ?? 'phone'}
        options={channels.map((value) => ({ value, label: t(`contacts.channel.${value}`) }))}
      />
      <Field
        label={t('contacts.value')}
        name="value"
        required
        maxlength={254}
        value={given.value}
        hint={t('contacts.value.hint')}
        error={wrong('value')}
        autocomplete="off"
      />
      <Field
        label={t('contacts.always.label')}
        name="round_the_clock"
        type="checkbox"
        checked={given.round_the_clock !== undefined}
      />
      <Field
        label={t('contacts.hours')}
        name="hours"
        maxlength={100}
        value={given.hours}
        hint={t('contacts.hours.hint')}
        error={wrong('hours')}
      />
      <fieldset class="field contact-shown">
        <legend>{t('contacts.shownFor')}</legend>
        <p class="field-hint">{t('contacts.shownFor.hint')}</p>
        {wrong('shown') && (
          <p class="field-error" role="alert">
            {wrong('shown')}
          </p>
        )}
        {purposes.map((purpose) => (
          <Field
            key={purpose}
            label={t(`contacts.for.${purpose}`)}
            name={`shown_${purpose}`}
            type="select"
            value={given[`shown_${purpose}`] ?? ''}
            options={[
              { value: '', label: t('contacts.shown.not') },
              ...visibilities.map((value) => ({ value, label: t(`contacts.shown.${value}`) })),
            ]}
          />
        ))}
      </fieldset>
      <Actions>
        <Button kind={last ? 'danger' : 'primary'}>{last ? t('contacts.save.sure') : label}</Button>
      </Actions>
    </Form>
  )
}

/** A contact as its form would have been filled in. */
export const typedOf = (entries: [Entry, ...Entry[]]): Typed => {
  const [entry] = entries
  return {
    person: entry.person === null ? '' : String(entry.person),
    name: entry.person === null ? entry.name : '',
    channel: entry.channel,
    value: readable(entry.channel, entry.value).replace(' / ', ' linka '),
    hours: entry.hours,
    round_the_clock: entry.roundTheClock ? '1' : undefined,
    ...Object.fromEntries(entries.map((one) => [`shown_${one.purpose}`, one.visibility])),
  }
}
