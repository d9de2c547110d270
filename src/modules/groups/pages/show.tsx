/** One group: what it is for, what the reader is there and can do about it, and who sits there as far as they may see. */
import { Actions, Button, Facts, html, Notice, Page, TlpChip } from '../../../ui/index.ts'
import { Give, Invitations, Requests } from './leading.tsx'
import { Own } from './own.tsx'
import { Members } from './seated.tsx'
import type { ShowProps } from './show-props.ts'
import { purposeIn, sizeOf, whoMayJoin } from './words.ts'

export function showPage(props: ShowProps): string {
  const { frame, group, standing, coordinates, moderators, done, refused } = props
  const { t } = frame
  const purpose = purposeIn(group, t.lang)
  const isOpen = group.closedAt === null
  return html(
    <Page
      {...frame}
      lead={<span lang={purpose.lang === t.lang ? undefined : purpose.lang}>{purpose.text}</span>}
      flash={done ? { text: t(`groups.done.${done}`) } : undefined}
    >
      {refused?.problem && <Notice kind="wrong">{t(`groups.problem.${refused.problem}`)}</Notice>}
      {!isOpen && <Notice kind="careful">{t('groups.isClosed')}</Notice>}
      <Facts
        facts={[
          { label: t('groups.who'), value: whoMayJoin(group, t) },
          { label: t('groups.tlp'), value: <TlpChip t={t} tlp={group.tlpMax} />, note: t('groups.tlp.what') },
          isOpen && { label: t('groups.sits'), value: sizeOf(group, t) },
          standing.reads && {
            label: t('groups.moderators'),
            value: moderators.length > 0 ? t.list(moderators) : t('groups.moderators.none'),
          },
          !group.public && { label: t('groups.known'), value: t('groups.known.what') },
        ]}
      />
      {coordinates && (
        <Actions>
          {isOpen && <Button href={`/groups/${group.slug}/edit`}>{t('groups.edit')}</Button>}
          {isOpen && <Button href={`/groups/${group.slug}/coverage`}>{t('groups.coverage.open')}</Button>}
        </Actions>
      )}
      {isOpen && <Own {...props} />}
      {isOpen && <Requests {...props} />}
      {isOpen && <Members {...props} />}
      {isOpen && standing.leads && <Invitations {...props} />}
      {isOpen && coordinates && <Give {...props} />}
      <p>
        <a href="/groups">{t('groups.back')}</a>
      </p>
    </Page>,
  )
}
