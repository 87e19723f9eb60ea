import { hasBody, parametersOf, propertiesOf } from '../../../spec-tests/contract/inputs.ts'
import type { Operation } from '../../../spec-tests/contract/specification.ts'
import { urlOf } from './ask.ts'
import { withValue } from './generic-rows.ts'
import { changed, type Parts } from './row.ts'

/** A title and a change whose answer may be anything but a fault of the server. */
export type HostileRow = readonly [title: string, change: Parts]

/** Texts that have broken servers. */
const TEXTS: Readonly<Record<string, string>> = {
  'with NUL': 'a\0b',
  'that is half a surrogate pair': '\ud800',
  'called __proto__': '__proto__',
  'of look-alikes and quotes': `@аlice:hs\u200b\u202e'"\\$1;--`,
  'without end': 'é'.repeat(20_000),
}

/** What a path and a query string can carry. */
const ESCAPES: Readonly<Record<string, string>> = {
  'with escaped slashes and look-alikes': '%40%D0%B0..%2F..%2Fa%2Fb%E2%80%8B',
  'that is no UTF-8': '%ff%ed%a0%80',
  'called __proto__': '__proto__',
  'without end': 'x'.repeat(4000),
}

/** Keys that mean something to JavaScript, and to a database. */
const KEYS = '"__proto__":{"admin":true,"then":1},"constructor":{"prototype":1},"\\u0000":"\\u0000"'

/** What nobody sends by mistake, in every place that takes a text. */
export function hostileRows(operation: Operation, good: Parts): HostileRow[] {
  return [
    ...pathRows(operation, good),
    ...parametersOf(operation, 'query').flatMap(({ steps: [name = ''] }) =>
      queryRows(operation, good, name),
    ),
    ...(hasBody(operation) ? [keysRow(good)] : []),
    ...textRows(operation, good),
  ]
}

function pathRows(operation: Operation, good: Parts): HostileRow[] {
  return parametersOf(operation, 'path').flatMap(({ steps: [name = ''] }) =>
    Object.entries(ESCAPES).map(([title, escape]): HostileRow => {
      const url = urlOf(operation, changed(good, { path: { [name]: 'SPOILED' } }))
      return [`${name} ${title}`, { url: url.replace('SPOILED', escape) }]
    }),
  )
}

function queryRows(operation: Operation, good: Parts, name: string): HostileRow[] {
  return Object.entries(ESCAPES).map(([title, escape]) => {
    const url = urlOf(operation, changed(good, { query: { [name]: 'SPOILED' } }))
    return [`query ${name} ${title}`, { url: url.replace('SPOILED', escape) }]
  })
}

function textRows(operation: Operation, good: Parts): HostileRow[] {
  const all = Object.values(TEXTS)
  return propertiesOf(operation).flatMap(({ steps, types, itemTypes }): HostileRow[] => {
    const name = `body ${steps.join('.')}`
    const as = (value: unknown) => ({ body: withValue({ ...good.body }, steps, value) })
    if (types.includes('string')) {
      return Object.entries(TEXTS).map(([title, text]) => [`${name} ${title}`, as(text)])
    }
    if (itemTypes.includes('string')) return [[`${name} of hostile items`, as(all)]]
    if (!types.includes('object')) return []
    const keys = Object.fromEntries(all.map((text) => [text, text]))
    return [[`${name} with hostile keys`, as(keys)]]
  })
}

function keysRow({ body = {} }: Parts): HostileRow {
  const rest = JSON.stringify(body).slice(1)
  return [
    'body with keys that mean something',
    { raw: `{${KEYS}${rest === '}' ? '' : ','}${rest}` },
  ]
}
