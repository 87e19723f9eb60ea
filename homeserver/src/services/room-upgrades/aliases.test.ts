import { expect, it } from 'vitest'
import { isRoomAlias } from '#matrix/ids.ts'
import type { JsonObject } from '#matrix/json.ts'
import { splitAliases } from './aliases.ts'

const MOVED = ['#a:test', '#b:test'].filter(isRoomAlias)

it.each<[JsonObject | undefined, JsonObject | undefined, JsonObject | undefined]>([
  [undefined, undefined, undefined],
  [{}, undefined, undefined],
  [{ alias: '#a:test' }, { alias: '#a:test' }, {}],
  [{ alias: '#far:other' }, undefined, undefined],
  [
    { alias: '#far:other', alt_aliases: ['#a:test', '#x:other'] },
    { alt_aliases: ['#a:test'] },
    { alias: '#far:other', alt_aliases: ['#x:other'] },
  ],
  [
    { alias: '#a:test', alt_aliases: ['#b:test', 5] },
    { alias: '#a:test', alt_aliases: ['#b:test'] },
    { alt_aliases: [5] },
  ],
])('%j is split into %j for the new room and %j for the old', (content, next, old) => {
  expect(splitAliases(content, MOVED)).toEqual({ next, old })
})

it('nothing changes when no alias has moved', () => {
  expect(splitAliases({ alias: '#a:test' }, [])).toEqual({ next: undefined, old: undefined })
})
