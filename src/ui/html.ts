import type { VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'

/** The complete HTML document of a page; text and attributes are escaped by the renderer. */
export function html(page: VNode): string {
  return `<!doctype html>${renderToString(page)}`
}

/** A fragment without doctype, for the parts a live region fetches and for tests. */
export function fragment(part: VNode): string {
  return renderToString(part)
}

/** Joins class names, leaving out what is empty. */
export function classes(...names: (string | false | null | undefined)[]): string | undefined {
  return names.filter(Boolean).join(' ') || undefined
}
