/** What a page tells its frame. */
import type { ComponentChildren } from 'preact'
import type { T } from '../../platform/i18n.ts'
import type { Tlp } from '../parts/badges.tsx'
import type { NoticeKind } from '../parts/section.tsx'

export const themes = ['auto', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

export interface NavItem {
  key: string
  href: string
  label: string
  /** Waiting for an answer, shown beside the label. */
  count?: number
  /** Used seldom: stands behind "More", in this part of it, unless we are in it. */
  more?: 'response' | 'community' | 'care'
}

export interface PageActor {
  name: string
  organisations: { id: number | string; name: string }[]
  /** Role names as in the register; shown in words. */
  roles: string[]
}

export interface Flash {
  kind?: NoticeKind
  text: string
  /** A way back: "Undo". */
  undo?: { action: string; label: string }
}

export interface Banner {
  title: string
  text: string
  href: string
  /** The link's words. */
  see: string
  /** A form that puts an end to it. */
  end?: { action: string; label: string }
}

/** What a page of the public web has instead of the navigation of those who work here. */
export interface SiteFrame {
  /** Address of the public home page in this language. */
  home: string
  /** The same page in the other language. */
  other: { lang: 'cs' | 'en'; href: string }
  /** To signing in, or to one's own pages. */
  enter: { href: string; label: string }
  foot: { href: string; label: string }[]
  /** Says that this is a demonstration, in the reader's words; left out of a real one. */
  demo?: string
  /** The page has a form, which needs a style of its own. */
  forms?: boolean
}

export interface PageProps {
  t: T
  /** Of the document and, unless `head` is given, of the page. */
  title: string
  /** Signed-out pages leave it out. */
  actor?: PageActor
  nav?: NavItem[]
  /** Key of the nav item we are in. */
  active?: string
  /** Path with query of this page, to which the language and theme switches return. */
  path: string
  csrf?: string
  /** Of the Content-Security-Policy of this answer. */
  nonce: string
  theme?: Theme
  now: number
  zone?: string
  children?: ComponentChildren
  /** Replaces the default `<h1>`; must contain one. */
  head?: ComponentChildren
  /** Sentence under the title. */
  lead?: ComponentChildren
  /** A short form in the middle: sign-in, an answer from a mail. */
  narrow?: boolean
  /** Narrow column of context. */
  side?: ComponentChildren
  flash?: Flash
  /** What stands above everything, whatever the page is about. */
  banners?: Banner[]
  /** Name of the exercise this page belongs to. */
  exercise?: string
  /** For a wall screen: no navigation, dark unless chosen otherwise, large type. */
  wall?: boolean
  /** Printed in the page's head. */
  tlp?: Tlp
  /** Whose page it is, printed in the head; the actor's only organisation by default. */
  organisation?: string
  /** What the search field holds. */
  query?: string
  /** A page of the public web: no script, links instead of switches. */
  site?: SiteFrame
  /** More for the document's head: description, addresses in other languages. */
  meta?: ComponentChildren
}
