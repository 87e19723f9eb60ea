import { z } from 'zod'
import { hasLoneSurrogate } from '#matrix/ids.ts'
import { isJsonObject, type JsonObject } from '#matrix/json.ts'

/**
 * A foreign JSON object (event content, account data, keys) that passes uncopied, so that every
 * key, `__proto__` included, is kept as it came.
 */
export const jsonObject = z.custom<JsonObject>(isJsonObject, {
  error: 'Expected an object',
  params: { wrongType: true },
})

/** True when the database can hold the text: no NUL and no half of a surrogate pair. */
function isStorable(text: string): boolean {
  return !text.includes('\0') && !hasLoneSurrogate(text)
}

/** A string that ends up in a text column. */
export const storableText = z
  .string()
  .refine(isStorable, 'Contains NUL or an unpaired surrogate, which cannot be stored')

/** An integer in a query string. */
export const queryInt = z
  .string()
  .regex(/^-?\d{1,15}$/, 'Not an integer')
  .transform(Number)

/** `true` or `false` in a query string. */
export const queryBoolean = z.enum(['true', 'false']).transform((text) => text === 'true')

/** A query parameter that may be repeated, as a list. */
export const queryList = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? [value] : value))
