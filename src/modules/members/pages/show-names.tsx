import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, Field, Form, Section } from '../../../ui/index.ts'
import type { Member } from '../members.ts'

/** Names by which it is found besides the present one; a coordinator adds and removes them. */
export function OtherNames(props: { frame: Frame; member: Member; isCoordinator: boolean; error?: string }) {
  const { frame, member, isCoordinator, error } = props
  const { t, csrf } = frame
  if (member.otherNames.length === 0 && !isCoordinator) return null
  return (
    <Section title={t('organisations.names')} id="names" lead={t('organisations.names.lead')}>
      {member.otherNames.length === 0 && <p class="muted">{t('organisations.names.none')}</p>}
      <ul class="names">
        {member.otherNames.map(({ id, name, kind }) => (
          <li key={id}>
            {name} <span class="muted">({t(`organisations.names.${kind}`)})</span>
            {isCoordinator && (
              <Form
                action={`/members/${member.id}/names/${id}/withdrawal`}
                csrf={csrf}
                label={t('organisations.names.remove.what', { name })}
              >
                <Button kind="quiet">{t('organisations.names.remove')}</Button>
              </Form>
            )}
          </li>
        ))}
      </ul>
      {isCoordinator && (
        <details class="details" open={error !== undefined}>
          <summary>{t('organisations.names.add')}</summary>
          <div class="details-body narrow">
            <Form action={`/members/${member.id}/names`} csrf={csrf} label={t('organisations.names.add')}>
              <Field
                label={t('organisations.names.name')}
                name="name"
                required
                maxlength={200}
                error={error}
              />
              <Field
                label={t('organisations.names.kind')}
                name="kind"
                type="select"
                options={(['earlier', 'alias'] as const).map((value) => ({
                  value,
                  label: t(`organisations.names.${value}`),
                }))}
              />
              <Actions>
                <Button kind="primary">{t('organisations.names.add.do')}</Button>
              </Actions>
            </Form>
          </div>
        </details>
      )}
    </Section>
  )
}
