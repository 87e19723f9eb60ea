import { afterAll, describe, expect, test } from 'vitest'
import { routes } from '#api/routes.ts'
import {
  missingSpecification,
  readOperations,
  routeKey,
} from '../../../spec-tests/contract/specification.ts'
import { isBuilt } from '../contract/built.ts'
import { at } from '../harness/user.ts'
import { ask, summary } from './ask.ts'
import { genericRows } from './generic-rows.ts'
import { hostileRows } from './hostile-rows.ts'
import { changed, type Row } from './row.ts'
import { ruledRows, rulesOf, tokensIn } from './ruled-rows.ts'
import { allTables } from './tables/index.ts'
import { startWorld } from './world.ts'

const missing = missingSpecification()
const world = await startWorld()
const tables = await allTables(world)
const endpoints = new Map(routes.map((route) => [routeKey(route.method, route.path), route]))
const built = readOperations().filter(isBuilt)

afterAll(() => world[Symbol.asyncDispose]())

const items = built.flatMap((operation) => {
  const spoiled = tables.get(operation.id)
  const endpoint = endpoints.get(routeKey(operation.method, operation.path))
  if (spoiled === undefined || endpoint === undefined) return []
  const { except = {}, good } = spoiled
  const generic = genericRows(operation, endpoint, good).map(([title, change, answer]): Row => [
    title,
    change,
    except[title] ?? answer,
  ])
  const rows = [...generic, ...ruledRows(operation, spoiled, world), ...(spoiled.rows ?? [])]
  return [{ operation, spoiled, rows }]
})

describe.skipIf(missing !== undefined)(
  `bad input for every operation${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  { timeout: 120_000 },
  () => {
    test('every operation that is built has a table, and every table an operation', () => {
      const ids = built.map(({ id }) => id)
      expect([...tables.keys()].sort()).toEqual([...new Set(ids)].sort())
    })

    test('every table says what becomes of other rooms, other users and other tokens', () => {
      const without = items.flatMap(({ operation, spoiled }) =>
        [
          ...rulesOf(operation).filter((rule) => spoiled[rule] === undefined),
          ...tokensIn(operation).filter((name) => spoiled.tokens?.[name] === undefined),
        ].map((lacking) => `${operation.id}: ${lacking}`),
      )
      expect(without).toEqual([])
    })

    test('every exception is one', () => {
      const idle = items.flatMap(({ operation, spoiled, rows }) =>
        Object.keys(spoiled.except ?? {})
          .filter((title) => rows.every((row) => row[0] !== title))
          .map((title) => `${operation.id}: ${title}`),
      )
      expect(idle).toEqual([])
    })

    test.each(items)(
      '$operation.id refuses what is wrong',
      async ({ operation, spoiled, rows }) => {
        const answers = new Map<string, string>()
        for (const [title, change] of rows) {
          const answer = await ask(world.server, operation, changed(spoiled.good, change))
          answers.set(title, summary(answer))
        }
        expect(answers.size, 'rows of the same title').toBe(rows.length)
        expect(Object.fromEntries(answers)).toEqual(
          Object.fromEntries(rows.map(([title, , answer]) => [title, answer])),
        )
      },
    )

    test.each(items)('$operation.id: nothing else was wrong', async ({ operation, spoiled }) => {
      const answer = await ask(world.server, operation, spoiled.good)
      expect(summary(answer)).toBe(spoiled.fine ?? '200')
    })

    // last: some of it is taken, and changes what the others are about
    test.each(items)('$operation.id answers what is hostile', async ({ operation, spoiled }) => {
      const failed: string[] = []
      for (const [title, change] of hostileRows(operation, spoiled.good)) {
        const answer = await ask(world.server, operation, changed(spoiled.good, change))
        if (answer.status >= 500) failed.push(`${title}: ${summary(answer)}`)
      }
      expect(failed).toEqual([])
    })

    test('no prototype has got a property', () => {
      expect([Object.keys(Object.prototype), at({}, 'admin')]).toEqual([[], undefined])
    })
  },
)
