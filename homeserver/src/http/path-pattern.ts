/** One piece of a path between slashes: fixed text, or a parameter. */
export type Segment =
  | { readonly kind: 'static'; readonly text: string }
  | { readonly kind: 'param'; readonly name: string }
  /** A last parameter that may be empty, or absent together with its slash. */
  | { readonly kind: 'optional'; readonly name: string }

/**
 * Parses `/a/:b{/:c}`.
 * @throws {TypeError} when the pattern is not of that form
 */
export function parsePattern(path: string): readonly Segment[] {
  const optional = /^(.*)\{\/:(\w+)\}$/.exec(path)
  const required = optional?.[1] ?? path
  if (!required.startsWith('/') || /[{}*?]/.test(required)) {
    throw new TypeError(`Not a path pattern: ${path}`)
  }
  const segments: Segment[] = required.slice(1).split('/').map(parseSegment)
  if (optional?.[2] !== undefined) segments.push({ kind: 'optional', name: optional[2] })
  return segments
}

function parseSegment(text: string): Segment {
  return text.startsWith(':') ? { kind: 'param', name: text.slice(1) } : { kind: 'static', text }
}

/** Names of the pattern's parameters, in order. */
export function parameterNames(segments: readonly Segment[]): readonly string[] {
  return segments.flatMap((segment) => (segment.kind === 'static' ? [] : [segment.name]))
}

/** The pattern as a regular expression without anchors; a capture per parameter. */
export function patternSource(segments: readonly Segment[]): string {
  return segments
    .map((segment) => {
      if (segment.kind === 'param') return '/([^/]+)'
      if (segment.kind === 'optional') return '(?:/([^/]*))?'
      return `/${segment.text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`
    })
    .join('')
}

/** Orders patterns so that fixed text is tried before a parameter in the same place. */
export function compareSpecificity(a: readonly Segment[], b: readonly Segment[]): number {
  const rank = { static: 0, param: 1, optional: 2 } as const
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [left, right] = [a[i], b[i]]
    if (left === undefined || right === undefined) break
    if (left.kind !== right.kind) return rank[left.kind] - rank[right.kind]
  }
  return a.length - b.length
}
