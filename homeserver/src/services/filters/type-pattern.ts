/**
 * Compiles an event type of a filter, in which `*` stands for any characters. Takes time linear in
 * the type's length for each part of the pattern, whatever the pattern.
 * https://spec.matrix.org/v1.19/client-server-api/#filtering
 */
export function typePattern(pattern: string): (type: string) => boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return (type) => type === pattern
  return (type) => {
    if (type.length < first.length + last.length) return false
    if (!type.startsWith(first) || !type.endsWith(last)) return false
    return hasInOrder(type.slice(first.length, type.length - last.length), rest)
  }
}

function hasInOrder(text: string, parts: readonly string[]): boolean {
  let from = 0
  for (const part of parts) {
    const at = text.indexOf(part, from)
    if (at < 0) return false
    from = at + part.length
  }
  return true
}
