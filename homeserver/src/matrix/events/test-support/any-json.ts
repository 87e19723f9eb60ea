import fc from 'fast-check'
import type { JsonObject, JsonValue } from '../../json.ts'

/** Any well-formed text: control characters, NUL and astral planes included. */
export const anyText = fc.string({ unit: 'binary', maxLength: 8 })

/** Keys that JavaScript treats in its own way, and keys whose UTF-16 order is not their code point order. */
const anyKey = fc.oneof(
  anyText,
  fc.constantFrom('__proto__', 'constructor', 'toString', '', '0', '1', '10', '9', '-1', '\0'),
  fc.constantFrom('😀', '\ufb01', '\uffff', '\u{10ffff}', 'é', 'a😀', 'a\ufb01', '"', '\\'),
)

const objectOf = (value: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonObject> =>
  fc
    .array(fc.tuple(anyKey, value), { maxLength: 5 })
    .map((entries): JsonObject => Object.fromEntries(entries))

const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<JsonValue[]>(null, true, false, 0, 1, -1),
    fc.maxSafeInteger(),
    anyText,
    fc.array(tie('value'), { maxLength: 4 }),
    objectOf(tie('value')),
  ),
}))

/** Any value that strict canonical JSON can carry. */
export const anyJson: fc.Arbitrary<JsonValue> = value

/** Any object that strict canonical JSON can carry. */
export const anyJsonObject: fc.Arbitrary<JsonObject> = objectOf(value)
