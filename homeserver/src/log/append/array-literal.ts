/** Postgres array literals. Written by hand because the driver's own are several times slower. */

/** `{1,2,NULL}` of numbers; undefined becomes NULL. */
export function numberArray(values: readonly (number | undefined)[]): string {
  let text = '{'
  for (let index = 0; index < values.length; index++) {
    if (index > 0) text += ','
    text += values[index] ?? 'NULL'
  }
  return text + '}'
}

/** `{true,false}` of flags. */
export const booleanArray = (values: readonly boolean[]): string => `{${values.join(',')}}`

/** The inverse of {@link numberArray}; undefined for NULL elements. */
export function parseNumberArray(literal: string | null): (number | undefined)[] {
  if (literal === null || literal === '{}') return []
  return literal
    .slice(1, -1)
    .split(',')
    .map((text) => (text === 'NULL' ? undefined : Number(text)))
}
