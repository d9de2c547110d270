/** Working groups that everybody may know of: what for, who may join and how. Of people there is nothing here but how many. */
import { EmptyState, Facts, html, Page, type PageProps, Section } from '../../../ui/index.ts'
import type { Group } from '../../groups/index.ts'
import { purposeIn, sizeOf, whoMayJoin } from '../../groups/pages.ts'

interface GroupsProps {
  frame: PageProps & { zone: string }
  groups: Group[]
  /** The page on how an organisation joins hSOC, where it is published. */
  join: { href: string; label: string } | null
}

export function groupsPage({ frame, groups, join }: GroupsProps): string {
  const { t } = frame
  return html(
    <Page {...frame}>
      {groups.length === 0 && <EmptyState title={t('groups.none')} />}
      {groups.map((group) => {
        const purpose = purposeIn(group, t.lang)
        return (
          <Section key={group.slug} title={group.name} id={group.slug}>
            <p lang={purpose.lang === t.lang ? undefined : purpose.lang}>{purpose.text}</p>
            <Facts
              facts={[
                { label: t('groups.public.who'), value: whoMayJoin(group, t) },
                { label: t('groups.public.how'), value: t(`groups.public.how.${group.joining}`) },
                { label: t('groups.sits'), value: sizeOf(group, t) },
              ]}
            />
          </Section>
        )
      })}
      <p class="muted">
        {t('groups.public.counted')}{' '}
        {join && (
          <>
            {t('groups.public.organisation')} <a href={join.href}>{join.label}</a>.
          </>
        )}
      </p>
    </Page>,
  )
}
