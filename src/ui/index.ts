/** All that pages draw with. */
export { type Bar, Bars } from './charts/bars.tsx'
export { CalendarHeat } from './charts/calendar.tsx'
export { type HourPoint, HourStrip } from './charts/hours.tsx'
export { type MapOutlines, StandsMap } from './charts/map.tsx'
export type { MapLine, MapLook, MapWord } from './charts/map-stands.ts'
export { type Span, TimelineBar } from './charts/spans.tsx'
export { Sparkline } from './charts/sparkline.tsx'
export type { Flash, NavItem, PageActor, PageProps, SiteFrame, Theme } from './frame/props.ts'
export { fragment, html } from './html.ts'
export { Page } from './page.tsx'
export { Chip, type Severity, SeverityBadge, severityNames, type Tlp, TlpChip } from './parts/badges.tsx'
export { Code, CodeBlock, CopyButton } from './parts/copy.tsx'
export { type Change, Diff } from './parts/diff.tsx'
export { Actions, AnswerBar, Button, Field, type FieldProps, FilterBar, Form } from './parts/form.tsx'
export { Live } from './parts/live.tsx'
export {
  Definition,
  Details,
  EmptyState,
  ErrorState,
  type Fact,
  Facts,
  Figure,
  Figures,
  Notice,
  Section,
  Statement,
  Steps,
} from './parts/section.tsx'
export { type Column, KeysetPager, List, ListRow, Table } from './parts/table.tsx'
export { type Tab, Tabs } from './parts/tabs.tsx'
export { Time } from './parts/time.tsx'
export { Timeline, type TimelineItem } from './parts/timeline.tsx'
