/**
 * Markdown of coordinators to HTML. HTML in it is shown as text, links lead to https, http, mailto or to a path of ours,
 * and pictures are left out, so that no page ever asks a third party for anything.
 */
import MarkdownIt from 'markdown-it'

/** Characters of one text in one language; a page stays under 50 kB with its frame and style. */
export const longestBody = 9_000
/** Bytes of HTML that a text may become. */
export const longestHtml = 12_000

const marks = new MarkdownIt('default', { html: false, linkify: false, typographer: false, maxNesting: 20 })
marks.disable(['image', 'html_block', 'html_inline'])
marks.validateLink = isOwnOrOpen

/** Browsers read `//host` and `/\host` as another site, and forget tabs and line ends in an address. */
function isOwnOrOpen(url: string): boolean {
  if (/[\u0000-\u0020\\]/.test(url)) return false
  return /^(https?:\/\/|mailto:)[^/]/i.test(url) || /^\/(?!\/|%5c)/i.test(url) || /^#[\w-]*$/.test(url)
}

// The page's own title is its only h1, and no level is skipped on the way down.
marks.core.ruler.push('levels', ({ tokens }) => {
  let last = 1
  for (const token of tokens.filter(({ type }) => type === 'heading_open' || type === 'heading_close')) {
    if (token.type === 'heading_open') last = Math.max(2, Math.min(Number(token.tag.slice(1)), last + 1))
    token.tag = `h${last}`
  }
})

// What is wider than a phone scrolls by itself, by keyboard too.
marks.renderer.rules.table_open = () => '<div class="table-frame" tabindex="0"><table>\n'
marks.renderer.rules.table_close = () => '</table></div>\n'

// The alignment of a column would come as a style attribute, which our policy forbids.
for (const rule of ['td_open', 'th_open'] as const)
  marks.renderer.rules[rule] = (tokens, index, options, _env, self) => {
    const token = tokens[index]
    if (token?.attrGet('style') === 'text-align:right') token.attrs = [['class', 'cell-number']]
    else if (token) token.attrs = null
    return self.renderToken(tokens, index, options)
  }

/** Safe HTML. Never throws; a text of any length and nesting is taken. */
export const toHtml = (markdown: string): string => marks.render(markdown)

/** Whether a text fits on a page. */
export const fits = (markdown: string): boolean =>
  markdown.length <= longestBody && Buffer.byteLength(toHtml(markdown)) <= longestHtml

/** Plain text as HTML or XML that says the same. */
export const escaped = (text: string): string => marks.utils.escapeHtml(text)
