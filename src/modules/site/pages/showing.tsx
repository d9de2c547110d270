/** Whether an organisation is shown on the public map: its representative's own decision. */
import {
  Button,
  Chip,
  EmptyState,
  type Flash,
  Form,
  html,
  Page,
  type PageProps,
  Table,
} from '../../../ui/index.ts'
import type { Choice } from '../showings.ts'

interface ShowingProps {
  frame: PageProps
  choices: Choice[]
  flash?: Flash
}

export function showingPage({ frame, choices, flash }: ShowingProps): string {
  const { t } = frame
  return html(
    <Page {...frame} lead={t('site.showing.lead')} flash={flash}>
      <Table<Choice>
        caption={t('site.showing.title')}
        captionHidden
        rows={choices}
        rowKey={(choice) => choice.id}
        empty={<EmptyState title={t('site.showing.none')} />}
        columns={[
          { key: 'name', label: t('site.showing.organisation'), main: true, cell: (choice) => choice.name },
          {
            key: 'state',
            label: t('site.showing.state'),
            cell: (choice) => (
              <Chip>{t(choice.since === null ? 'site.showing.hidden' : 'site.showing.shown')}</Chip>
            ),
          },
          {
            key: 'do',
            label: t('site.showing.change'),
            cell: (choice) => (
              <Form
                action={`/showing/${choice.id}${choice.since === null ? '' : '/withdrawal'}`}
                csrf={frame.csrf}
                label={choice.name}
              >
                <Button>{t(choice.since === null ? 'site.showing.agree' : 'site.showing.takeBack')}</Button>
              </Form>
            ),
          },
        ]}
      />
    </Page>,
  )
}
