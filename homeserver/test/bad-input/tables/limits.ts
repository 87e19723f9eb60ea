import type { Row } from '../row.ts'

/** Absurd limits in a query; those that are no integers come from the specification. */
export const limitRows = (name: string, ofNothing: string): Row[] => [
  [`${name} of 0`, { query: { [name]: '0' } }, ofNothing],
  [`${name} of -1`, { query: { [name]: '-1' } }, '400 M_INVALID_PARAM'],
  [`${name} of a thousand million`, { query: { [name]: '1000000000' } }, '200'],
]

/** Filters in a query that are none. */
export const FILTERS: Row[] = [
  ['a filter that is no JSON', { query: { filter: '{"limit":' } }, '400 M_INVALID_PARAM'],
  ['a filter that is a list', { query: { filter: '[]' } }, '400 M_INVALID_PARAM'],
  [
    'a filter that is nested too deeply',
    { query: { filter: `{"types":${'['.repeat(600)}${']'.repeat(600)}}` } },
    '400 M_INVALID_PARAM',
  ],
  [
    'a filter of a sender that is none',
    { query: { filter: '{"senders":["nonsense"]}' } },
    '400 M_INVALID_PARAM',
  ],
  [
    'a filter of a room that is none',
    { query: { filter: '{"rooms":["nonsense"]}' } },
    '400 M_INVALID_PARAM',
  ],
  ['a filter of no events', { query: { filter: '{"limit":0}' } }, '400 M_INVALID_PARAM'],
  ['a filter of half an event', { query: { filter: '{"limit":1.5}' } }, '400 M_INVALID_PARAM'],
  [
    'a filter of 2^53 events',
    { query: { filter: '{"limit":9007199254740993}' } },
    '400 M_INVALID_PARAM',
  ],
  ['a filter of a thousand million events', { query: { filter: '{"limit":1000000000}' } }, '200'],
  [
    'a filter of types that are numbers',
    { query: { filter: '{"types":[7]}' } },
    '400 M_INVALID_PARAM',
  ],
  ['a filter with NUL in a type', { query: { filter: '{"types":["a\\u0000b"]}' } }, '200'],
  ['a filter with half a surrogate pair', { query: { filter: '{"types":["\\ud800"]}' } }, '200'],
  [
    'a filter with a glob bomb',
    { query: { filter: JSON.stringify({ types: [`${'*a'.repeat(1000)}b`] }) } },
    '200',
  ],
  ['a filter with __proto__', { query: { filter: '{"__proto__":{"limit":0}}' } }, '200'],
]
