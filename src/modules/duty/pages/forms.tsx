/** The fields of a rule and of a change. */
import type { Frame } from '../../../platform/frame.ts'
import { fieldOf } from '../../../platform/local-time.ts'
import { Actions, Button, Field } from '../../../ui/index.ts'
import { rotationKinds } from '../rota.ts'
import type { ChangeForm, RuleForm } from '../schema.ts'

export interface Person {
  id: number
  name: string
}
export type GivenRule = RuleForm
export type GivenChange = ChangeForm

interface Part<Given> {
  frame: Frame
  people: Person[]
  given?: Given
  errors?: Record<string, string>
}

const dayMs = 86_400_000
/** As many take turns as fit without script; a duty of more people has two rules. */
const places = [0, 1, 2, 3, 4, 5, 6, 7]
const weekdays = ['1', '2', '3', '4', '5', '6', '7'] as const

const optionsOf = (people: Person[], none: string) => [
  { value: '', label: none },
  ...people.map(({ id, name }) => ({ value: String(id), label: name })),
]

export function RuleFields({ frame, people, given, errors = {} }: Part<GivenRule>) {
  const { t, now, zone } = frame
  const kinds = [
    { value: '', label: t('duty.turns.none') },
    ...rotationKinds.map((value) => ({ value, label: t(`duty.kind.${value}`) })),
  ]
  return (
    <>
      <fieldset class="field duty-wide">
        <legend>{t('duty.weekdays')}</legend>
        <div class="policy-checks">
          {weekdays.map((day) => (
            <Field
              key={day}
              label={t(`duty.weekday.${day}`)}
              name="weekdays"
              type="checkbox"
              value={day}
              checked={given ? given.weekdays.includes(day) : true}
            />
          ))}
        </div>
        {errors.weekdays && <p class="field-error">{errors.weekdays}</p>}
      </fieldset>
      <div class="duty-fields">
        <Field
          label={t('duty.from')}
          name="from"
          type="time"
          required
          value={given?.from ?? '07:00'}
          error={errors.from}
        />
        <Field
          label={t('duty.to')}
          name="to"
          type="time"
          required
          value={given?.to ?? '07:00'}
          hint={t('duty.to.hint')}
          error={errors.to}
        />
      </div>
      <div class="duty-fields">
        <Field
          label={t('duty.rotation')}
          name="rotation"
          type="select"
          value={given?.rotation}
          options={kinds}
        />
        <Field
          label={t('duty.length')}
          name="length"
          type="number"
          min={1}
          max={366}
          value={given?.length ?? '1'}
          hint={t('duty.length.hint')}
          error={errors.length}
        />
        <Field
          label={t('duty.start')}
          name="start"
          type="datetime-local"
          value={given?.start ?? `${fieldOf(now, zone).slice(0, 10)}T07:00`}
          hint={t('duty.start.hint', { zone })}
          error={errors.start}
        />
      </div>
      <fieldset class="field duty-wide">
        <legend>{t('duty.people')}</legend>
        <p class="field-hint">{t('duty.people.hint')}</p>
        <div class="duty-fields">
          {places.map((place) => (
            <Field
              key={place}
              label={t('duty.place', { n: place + 1 })}
              name="people"
              type="select"
              value={given?.people[place]}
              options={optionsOf(people, t('duty.place.none'))}
            />
          ))}
        </div>
        {errors.people && <p class="field-error">{errors.people}</p>}
      </fieldset>
      <Actions>
        <Button kind="primary">{t('duty.rule.add')}</Button>
      </Actions>
    </>
  )
}

export function ChangeFields({ frame, people, given, errors = {} }: Part<GivenChange>) {
  const { t, now, zone } = frame
  const options = optionsOf(people, t('duty.place.none'))
  return (
    <>
      <Field
        label={t('duty.change.kind')}
        name="kind"
        type="select"
        value={given?.kind ?? 'replace'}
        options={(['replace', 'add', 'remove', 'temporary'] as const).map((value) => ({
          value,
          label: t(`duty.change.${value}`),
        }))}
      />
      <Field
        label={t('duty.person')}
        name="whom"
        type="select"
        value={given?.whom}
        options={options}
        error={errors.whom}
      />
      <Field
        label={t('duty.standIn')}
        name="stand_in"
        type="select"
        value={given?.stand_in}
        options={options}
        hint={t('duty.standIn.hint')}
        error={errors.stand_in}
      />
      <div class="duty-fields">
        <Field
          label={t('duty.change.from', { zone })}
          name="from"
          type="datetime-local"
          required
          value={given?.from ?? fieldOf(now, zone)}
          error={errors.from}
        />
        <Field
          label={t('duty.change.to', { zone })}
          name="to"
          type="datetime-local"
          required
          value={given?.to ?? fieldOf(now + dayMs, zone)}
          error={errors.to}
        />
      </div>
      <Field label={t('duty.note')} name="note" maxlength={200} value={given?.note} />
      <Actions>
        <Button kind="primary">{t('duty.change.do')}</Button>
      </Actions>
    </>
  )
}
