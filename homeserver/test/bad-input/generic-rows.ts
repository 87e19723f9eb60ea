import type { Endpoint } from '#http/endpoint.ts'
import {
  hasBody,
  type Input,
  parametersOf,
  propertiesOf,
} from '../../../spec-tests/contract/inputs.ts'
import type { Operation } from '../../../spec-tests/contract/specification.ts'
import { urlOf } from './ask.ts'
import { changed, type Parts, type Row } from './row.ts'

const INVALID = '400 M_INVALID_PARAM'
const MISSING = '400 M_MISSING_PARAM'
const BAD_JSON = '400 M_BAD_JSON'
const NOT_JSON = '400 M_NOT_JSON'
const DEFAULT_LIMIT = 1024 * 1024

/** Values of JSON types, the first that are not the right one are tried. */
const SAMPLES: readonly (readonly [type: string, value: unknown])[] = [
  ['null', null],
  ['integer', 7],
  ['object', { key: 'value' }],
  ['string', 'text'],
  ['array', []],
  ['boolean', true],
]
const TRIED = 2

/** What the description of an operation demands of every server: nothing in here is about one of them. */
export function genericRows(operation: Operation, endpoint: Endpoint, good: Parts): Row[] {
  return [
    ...tokenRows(operation),
    ...parametersOf(operation, 'path').flatMap((input) => pathRows(operation, good, input)),
    ...parametersOf(operation, 'query').flatMap(queryRows),
    ...(hasBody(operation) ? bodyRows(endpoint) : []),
    ...propertiesOf(operation).flatMap((input) => propertyRows(good, input)),
  ]
}

function tokenRows({ auth }: Operation): Row[] {
  const absent: Row = ['no token', { as: null }, '401 M_MISSING_TOKEN']
  const unknown: Row = ['a token of nobody', { token: 'nobody' }, '401 M_UNKNOWN_TOKEN']
  if (auth === 'required') return [absent, unknown]
  return auth === 'optional' ? [unknown] : []
}

const IDS: Readonly<Record<string, string>> = {
  roomId: '!',
  userId: '@',
  eventId: '$',
  roomAlias: '#',
  roomIdOrAlias: '#',
}

function pathRows(operation: Operation, good: Parts, { steps, values }: Input): Row[] {
  const [name = ''] = steps
  const as = (value: string): Parts => ({ path: { [name]: value } })
  const raw = (escape: string): Parts => ({
    url: urlOf(operation, changed(good, as('SPOILED'))).replace('SPOILED', escape),
  })
  const rows: Row[] = [[`${name} with NUL`, as('a\0b'), INVALID]]
  if (values.length > 0) rows.push([`${name} of no known value`, as('nonsense'), INVALID])
  const sigil = IDS[name]
  if (sigil === undefined) return rows
  return [
    ...rows,
    [`${name} that is none`, as('nonsense'), INVALID],
    [`${name} with another sigil`, as('%x:test.example'), INVALID],
    [`${name} without a server`, as(`${sigil}x`), INVALID],
    [`${name} of 256 bytes`, as(`${sigil}${'é'.repeat(122)}:hs.test.org`), INVALID],
    [`${name} in an escape that is none`, raw('%ZZ'), INVALID],
  ]
}

function queryRows({ steps, required, types, values }: Input): Row[] {
  const [name = ''] = steps
  const as = (value: string | readonly string[] | undefined): Parts => ({
    query: { [name]: value },
  })
  const rows: Row[] = []
  if (required) rows.push([`query without ${name}`, as(undefined), MISSING])
  rows.push([`query ${name} with NUL`, as('a\0b'), INVALID])
  if (!types.includes('array')) rows.push([`query ${name} twice`, as(['1', '1']), INVALID])
  if (types.includes('integer')) {
    for (const value of ['abc', '1.5', '', '1e3', '9'.repeat(16)]) {
      rows.push([`query ${name} of ${JSON.stringify(value)}`, as(value), INVALID])
    }
  }
  if (types.includes('boolean') || values.length > 0) {
    for (const value of ['nonsense', '__proto__']) {
      rows.push([`query ${name} of ${JSON.stringify(value)}`, as(value), INVALID])
    }
  }
  return rows
}

function bodyRows({ optionalBody, maxBodyBytes = DEFAULT_LIMIT }: Endpoint): Row[] {
  const rows: Row[] = [
    ['body that is no JSON', { raw: 'nonsense' }, NOT_JSON],
    ['body that is cut off', { raw: '{"a":' }, NOT_JSON],
    ['body that is no UTF-8', { raw: Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d) }, NOT_JSON],
    ['body that is a list', { raw: '[]' }, BAD_JSON],
    ['body that is a text', { raw: '"text"' }, BAD_JSON],
    ['body that is null', { raw: 'null' }, BAD_JSON],
    ['body nested too deeply', { raw: `{"a":${'['.repeat(600)}${']'.repeat(600)}}` }, BAD_JSON],
    // it is no JSON either, which nobody finds out
    ['body that is too large', { raw: '{'.repeat(maxBodyBytes + 1) }, '413 M_TOO_LARGE'],
  ]
  if (optionalBody !== true) rows.push(['body that is empty', { raw: '' }, NOT_JSON])
  return rows
}

function propertyRows(good: Parts, { steps, required, types, values, itemTypes }: Input): Row[] {
  const name = steps.join('.')
  const as = (value: unknown): Parts => ({ body: withValue({ ...good.body }, steps, value) })
  const rows: Row[] = []
  if (required) rows.push([`body without ${name}`, as(undefined), MISSING])
  if (types.length === 0) return rows
  for (const [type, sample] of samplesBut(types)) {
    rows.push([`body ${name} that is ${type}`, as(sample), BAD_JSON])
  }
  if (values.length > 0) rows.push([`body ${name} of no known value`, as('nonsense'), INVALID])
  if (types.includes('integer')) {
    rows.push([`body ${name} that is a fraction`, as(1.5), INVALID])
    rows.push([`body ${name} that is 2^53`, as(2 ** 53), INVALID])
  }
  for (const [type, sample] of itemTypes.length === 0 ? [] : samplesBut(itemTypes)) {
    rows.push([`body ${name} with an item that is ${type}`, as([sample]), BAD_JSON])
  }
  return rows
}

const samplesBut = (types: readonly string[]) =>
  SAMPLES.filter(
    ([type]) => !types.includes(type) && !(type === 'integer' && types.includes('number')),
  ).slice(0, TRIED)

/** A copy with a value at a place; objects on the way are made. */
export function withValue(
  object: Readonly<Record<string, unknown>>,
  [step = '', ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  const inner = object[step]
  return { ...object, [step]: rest.length === 0 ? value : withValue(asObject(inner), rest, value) }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
