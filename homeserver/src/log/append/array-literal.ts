/**
 * Postgres array literals. Written by hand because the driver's own are several times slower, and
 * these carry every stored event.
 */

/** `{1,2,NULL}` of numbers; undefined becomes NULL. */
export function numberArray(values: readonly (number | undefined)[]): string {
  let text = '{'
  for (let index = 0; index < values.length; index++) {
    if (index > 0) text += ','
    text += values[index] ?? 'NULL'
  }
  return text + '}'
}

/** `{"a","b",NULL}` of texts; undefined becomes NULL. */
export function textArray(values: readonly (string | undefined)[]): string {
  let text = '{'
  for (let index = 0; index < values.length; index++) {
    if (index > 0) text += ','
    const value = values[index]
    text += value === undefined ? 'NULL' : quote(value)
  }
  return text + '}'
}

/** Neither control characters nor surrogates, which JSON.stringify may escape in its own way. */
const PLAIN = /^[\x20-\ud7ff\ue000-\uffff]*$/

/** Within quotes both forms escape quotes and backslashes alike, and JSON.stringify is much faster. */
function quote(value: string): string {
  if (PLAIN.test(value)) return JSON.stringify(value)
  return `"${value.replace(/["\\]/g, '\\$&')}"`
}

/** The inverse of {@link numberArray}; undefined for NULL elements. */
export function parseNumberArray(literal: string | null): (number | undefined)[] {
  if (literal === null || literal === '{}') return []
  return literal
    .slice(1, -1)
    .split(',')
    .map((text) => (text === 'NULL' ? undefined : Number(text)))
}
