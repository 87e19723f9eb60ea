/** A stretch of message text: plain, or a link with a checked address. */
export type TextPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }

const CANDIDATE = /\bhttps?:\/\/[^\s<>"]+/giu
const TRAILING = /[.,:;!?'"»”’]+$/u

/** Drops closing brackets that were never opened, as in "(see https://example.org)". */
function trimBrackets(url: string): string {
  let end = url.length
  while (end > 0) {
    const close = url[end - 1]
    const open = close === ')' ? '(' : close === ']' ? '[' : undefined
    if (open === undefined) break
    const inside = url.slice(0, end)
    if (inside.split(open).length >= inside.split(close ?? '').length) break
    end -= 1
  }
  return url.slice(0, end)
}

function trimUrl(candidate: string): string {
  let url = candidate
  for (let before = ''; before !== url;) {
    before = url
    url = trimBrackets(url.replace(TRAILING, ''))
  }
  return url
}

/** The serialised address, or undefined when it is no http(s) URL with a host. */
function safeHref(url: string): string | undefined {
  const parsed = URL.parse(url)
  if (parsed === null || !/^https?:$/u.test(parsed.protocol) || parsed.hostname === '') {
    return undefined
  }
  return parsed.href
}

/** Splits text into plain parts and http(s) links. Joined again, the parts give the same text. */
export function linkify(text: string): readonly TextPart[] {
  const parts: TextPart[] = []
  let done = 0
  for (const match of text.matchAll(CANDIDATE)) {
    const url = trimUrl(match[0])
    const href = safeHref(url)
    if (href === undefined) continue
    if (match.index > done) parts.push({ kind: 'text', text: text.slice(done, match.index) })
    parts.push({ kind: 'link', text: url, href })
    done = match.index + url.length
  }
  if (done < text.length) parts.push({ kind: 'text', text: text.slice(done) })
  return parts
}
