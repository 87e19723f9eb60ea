import { invalidParam } from '#matrix/errors.ts'

/**
 * The parameters of a path, decoded exactly once. A malformed escape stays as it came, for the
 * schema to judge.
 * @throws {MatrixError} for NUL, which no identifier may contain and no column can hold
 */
export function decodeParams(
  names: readonly string[],
  captures: readonly (string | undefined)[],
): Record<string, string> {
  const params: Record<string, string> = {}
  names.forEach((name, i) => {
    const value = decode(captures[i] ?? '')
    if (value.includes('\0')) throw invalidParam(`${name}: contains NUL`)
    params[name] = value
  })
  return params
}

function decode(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (error instanceof URIError) return text
    throw error
  }
}
