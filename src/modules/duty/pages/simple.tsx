/** The simple form of a duty: three names and one answer. */
import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, Field, Form, html, Page } from '../../../ui/index.ts'
import type { SimpleDuty } from '../simple.ts'

export interface SimpleProps {
  frame: Frame
  org: number
  orgName: string
  given: SimpleDuty
  people: { id: number; name: string }[]
  mayKeep: boolean
  errors: Record<string, string>
  done: boolean
}

const places = [0, 1, 2] as const

export function simplePage({
  frame,
  org,
  orgName,
  given,
  people,
  mayKeep,
  errors,
  done,
}: SimpleProps): string {
  const { t, csrf } = frame
  const options = [
    { value: '', label: t('duty.place.none') },
    ...people.map(({ id, name }) => ({ value: String(id), label: name })),
  ]
  const nameOf = (id: number | undefined): string =>
    people.find((one) => one.id === id)?.name ?? t('duty.place.none')
  return html(
    <Page
      {...frame}
      lead={`${orgName} · ${t('duty.simple.lead')}`}
      flash={done ? { kind: 'done', text: t('duty.simple.done') } : undefined}
    >
      {mayKeep ? (
        <Form action={`/duty/simple/${org}`} csrf={csrf}>
          {places.map((place) => (
            <Field
              key={place}
              label={t(`duty.simple.${place}`)}
              name="people"
              type="select"
              value={given.people[place] === undefined ? '' : String(given.people[place])}
              options={options}
              error={place === 0 ? errors.people : undefined}
            />
          ))}
          <Field
            label={t('duty.simple.always')}
            name="always"
            type="checkbox"
            value="1"
            checked={given.always}
            hint={t('duty.simple.always.hint')}
          />
          <Actions>
            <Button kind="primary">{t('duty.simple.do')}</Button>
          </Actions>
        </Form>
      ) : (
        <ol>
          {places.map((place) => (
            <li key={place}>{nameOf(given.people[place])}</li>
          ))}
          <li>{t(given.always ? 'duty.simple.is' : 'duty.simple.isNot')}</li>
        </ol>
      )}
      <p>{t('duty.simple.instead')}</p>
      <p>
        <a href="/duty">{t('duty.back')}</a>
      </p>
    </Page>,
  )
}
