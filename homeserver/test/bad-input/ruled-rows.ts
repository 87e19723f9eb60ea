import { parametersOf, propertiesOf } from '../../../spec-tests/contract/inputs.ts'
import type { Operation } from '../../../spec-tests/contract/specification.ts'
import type { Row, Spoiled } from './row.ts'
import { UNKNOWN_EVENT, UNKNOWN_ROOM, type World } from './world.ts'

/** Rows about what belongs to others, by the parameters of the path. */
export function ruledRows(operation: Operation, spoiled: Spoiled, world: World): Row[] {
  const { unknownRoom, stranger, otherRoom, otherUser, tokens = {} } = spoiled
  const rows = Object.entries(tokens).flatMap(([name, answers]) => {
    const where = tokensInQuery(operation).includes(name) ? 'query' : 'body'
    return Object.entries(world.tokens).map(([kind, token]: [string, string]): Row => [
      `${name} with the token ${kind}`,
      { [where]: { [name]: token } },
      new Map(Object.entries(answers)).get(kind) ?? '400 M_INVALID_PARAM',
    ])
  })
  if (unknownRoom !== undefined) {
    rows.push(['a room that nobody knows', { path: { roomId: UNKNOWN_ROOM } }, unknownRoom])
  }
  if (stranger !== undefined) {
    const change = operation.path.includes('{userId}')
      ? { path: { roomId: world.secret } }
      : { as: world.eve }
    rows.push(['somebody who is not in the room', change, stranger])
  }
  if (otherRoom !== undefined) {
    const about = (eventId: string) => ({ path: { eventId } })
    rows.push(['an event that nobody knows', about(UNKNOWN_EVENT), otherRoom])
    rows.push(['an event of another room of theirs', about(world.otherEvent), otherRoom])
    rows.push(['an event of a room that they are not in', about(world.secretEvent), otherRoom])
  }
  if (otherUser !== undefined) {
    rows.push(['another user', { path: { userId: world.eve.userId } }, otherUser])
  }
  return rows
}

/** Names under which the specification has tokens of pages and of places in time. */
const TOKENS = ['since', 'from', 'to', 'at', 'next_batch']

const tokensInQuery = (operation: Operation) =>
  parametersOf(operation, 'query').flatMap(({ steps: [name = ''] }) =>
    TOKENS.includes(name) ? [name] : [],
  )

const tokensInBody = (operation: Operation) =>
  propertiesOf(operation).flatMap(({ steps: [name = ''] }) => (TOKENS.includes(name) ? [name] : []))

/** The tokens that an operation takes. */
export const tokensIn = (operation: Operation): string[] => [
  ...tokensInQuery(operation),
  ...tokensInBody(operation),
]

/** Which of these rules an operation must have an answer to. */
export function rulesOf({ path }: Operation): (keyof Spoiled)[] {
  const has = (name: string) => path.includes(`{${name}}`)
  return [
    ...(has('roomId') ? (['unknownRoom', 'stranger'] as const) : []),
    ...(has('roomId') && has('eventId') ? (['otherRoom'] as const) : []),
    ...(has('userId') ? (['otherUser'] as const) : []),
  ]
}
