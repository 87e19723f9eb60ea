/**
 * Why a test of the suite does not pass, by its name or that of a test above it. Each that fails has
 * one here, and a test says so.
 */
export const CAUSES: Readonly<Record<string, string>> = {}

/** The cause of the test itself, or of the nearest one above it; undefined when none is named. */
export function causeOf(
  test: string,
  causes: Readonly<Record<string, string>> = CAUSES,
): string | undefined {
  for (let name = test; ;) {
    if (Object.hasOwn(causes, name)) return causes[name]
    const slash = name.lastIndexOf('/')
    if (slash < 0) return undefined
    name = name.slice(0, slash)
  }
}
