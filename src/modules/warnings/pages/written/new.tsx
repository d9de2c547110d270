/** The first page of a new warning: by a template of its kind, or from nothing. */
import { html, Page, type PageProps, Section } from '../../../../ui/index.ts'
import type { Template } from '../../written/templates.ts'
import { Editor } from './editor.tsx'
import type { Choices } from './editor-props.ts'
import type { Typed } from './form.ts'

export interface NewProps {
  frame: PageProps
  typed: Typed
  choices: Choices
  errors: Record<string, string>
  templates: Template[]
  chosen: string | undefined
}

export function newPage({ frame, typed, choices, errors, templates, chosen }: NewProps): string {
  const { t } = frame
  return html(
    <Page {...frame} lead={t('written.new.lead')}>
      <Section title={t('written.new.templates')}>
        <ul class="written-templates">
          {templates.map((one) => (
            <li>
              {one.id === chosen ? (
                <strong>{one.name[t.lang]}</strong>
              ) : (
                <a href={`/warnings/written/new?template=${one.id}`}>{one.name[t.lang]}</a>
              )}
            </li>
          ))}
        </ul>
      </Section>
      <Editor
        frame={frame}
        action="/warnings/written"
        typed={typed}
        choices={choices}
        errors={errors}
        changing={false}
        translation={null}
      />
    </Page>,
  )
}
