import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { parseEventId } from '#matrix/ids.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'
import { allPages, edit, finds, ids, redact, roomWith, search, send } from './searching.ts'

let server: TestServer
let alice: TestUser
let people = 0

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
})
afterAll(() => server[Symbol.asyncDispose]())

const person = () => server.user(`person${++people}`)

test('what was just said is found, with everything the answer promises', async () => {
  const { room, said } = await roomWith(alice, 'Martians and men', 'nothing of the kind')
  const answer = await search(alice, 'martians, MEN!')
  expect(answer).toEqual({
    count: 1,
    highlights: ['martians', 'men'],
    results: [{ rank: expect.any(Number), result: expect.any(Object) }],
  })
  const event = ok(await alice.call('GET', `/rooms/${room}/event/${said[0]}`))
  expect(at(answer, 'results', 0, 'result')).toEqual({
    ...Object(event),
    unsigned: { ...Object(at(event, 'unsigned')), age: expect.any(Number) },
  })
})

test('every word must be there, whole or as a beginning; no word finds nothing', async () => {
  const { said } = await roomWith(alice, 'kettles of copper', 'kettle of tin', 'cop kettle')
  const [kettles = '', kettle = '', cop = ''] = said
  expect(await finds(alice, 'kettle')).toEqual([kettles, kettle, cop].sort())
  expect(await finds(alice, 'kettle copper')).toEqual([kettles])
  expect(await finds(alice, 'cop')).toEqual([cop])
  expect(await finds(alice, 'ettle')).toEqual([])
  expect(await search(alice, '?!')).toEqual({ count: 0, highlights: [], results: [] })
})

test.each([
  ['a Chinese word of two characters', '我们今天去北京玩', '北京'],
  ['a single character', '一隻貓在睡覺', '貓'],
  ['Japanese of several scripts', '日本語のテキストを検索する', 'テキスト'],
  ['Thai within a sentence', 'วันนี้อากาศดีมาก', 'อากาศ'],
  ['Korean with its particle', '학교에 갑니다', '학교'],
  ['Arabic', 'السلام عليكم', 'عليكم'],
  ['Hindi', 'नमस्ते दुनिया', 'दुनिया'],
  ['accents left out', 'Crème brûlée', 'creme BRULEE'],
  ['an emoji', 'well done 🦄 all', '🦄'],
])('%s is found', async (_what, body, term) => {
  const { said } = await roomWith(alice, body)
  expect(await finds(alice, term)).toEqual(said)
})

test('characters count only in a row', async () => {
  const user = await person()
  const { said } = await roomWith(user, '大阪城公園', '大学と阪神')
  expect(await finds(user, '大阪')).toEqual([said[0]])
  expect(await finds(user, '阪城公')).toEqual([said[0]])
  expect(await finds(user, '城大')).toEqual([])
})

test('names and topics are found by their keys', async () => {
  const room = await alice.createRoom()
  const name = await alice.setState(room, 'm.room.name', '', { name: 'Zebra club' })
  const topic = await alice.setState(room, 'm.room.topic', '', {
    topic: 'About the zebra',
    'm.topic': {
      'm.text': [{ body: 'About striped horses' }, { body: 'x', mimetype: 'text/html' }],
    },
  })
  const body = await alice.say(room, 'zebra')
  const other = await send(alice, room, 'org.example.note', { body: 'zebra' })
  expect(await finds(alice, 'zebra')).toEqual([name, topic, body].sort())
  expect(await finds(alice, 'zebra')).not.toContain(other)
  expect(await finds(alice, 'zebra', { keys: ['content.name'] })).toEqual([name])
  expect(await finds(alice, 'zebra', { keys: ['content.topic', 'content.body'] })).toEqual(
    [topic, body].sort(),
  )
  expect(await finds(alice, 'striped horses')).toEqual([topic])
  expect(await finds(alice, 'zebra', { keys: [] })).toEqual([])
})

describe('order', () => {
  it('is by the latest first, or by what matches best', async () => {
    const user = await person()
    const { said } = await roomWith(
      user,
      'plum',
      'a plum among a great many other kinds of fruit that nobody wants to eat',
      'plum plum plum',
    )
    const recent = await search(user, 'plum', { order_by: 'recent' })
    expect(ids(recent)).toEqual(said.toReversed())
    const ranked = await search(user, 'plum')
    expect(ids(ranked).at(-1)).toBe(said[1])
    const ranks = list(ranked, 'results').map((one) => Number(at(one, 'rank')))
    expect(ranks).toEqual(ranks.toSorted((a, b) => b - a))
  })

  it.each(['recent', 'rank'])('%s goes over pages without loss or repetition', async (order_by) => {
    const user = await person()
    const { said } = await roomWith(
      user,
      ...Array.from({ length: 11 }, (_, n) => `pear ${'x '.repeat(n % 3)}`),
    )
    const criteria = { order_by, filter: { limit: 4 } }
    const pages = await allPages(user, 'pear', criteria)
    expect(pages.map((page) => page.length)).toEqual([4, 4, 3])
    expect(pages.flat().toSorted()).toEqual(said.toSorted())
    if (order_by === 'recent') expect(pages.flat()).toEqual(said.toReversed())
    const whole = await search(user, 'pear', { order_by })
    expect(at(whole, 'count')).toBe(11)
    expect(ids(whole)).toEqual(pages.flat().slice(0, 10))
  })
})

it.each(['recent', 'rank'])('by %s a page that is full may be the last', async (order_by) => {
  const user = await person()
  await roomWith(user, 'damson', 'damson', 'damson', 'damson')
  const criteria = { order_by, filter: { limit: 2 } }
  const pages = await allPages(user, 'damson', criteria)
  expect(pages.map((page) => page.length)).toEqual([2, 2, 0])
  expect((await allPages(user, 'damson', { order_by })).map((page) => page.length)).toEqual([4])
})

describe('groups', () => {
  it('hold the results of a room or a sender, and each has pages of its own', async () => {
    const [carol, dan] = [await person(), await person()]
    const one = await roomWith(carol, 'quince 1', 'quince 2', 'quince 3')
    const two = await roomWith(carol, 'quince 4')
    await dan.join(one.room)
    const ofDan = await dan.say(one.room, 'quince 5')
    const criteria = {
      order_by: 'recent',
      filter: { limit: 2 },
      groupings: { group_by: [{ key: 'room_id' }, { key: 'sender' }] },
    }
    const answer = await search(carol, 'quince', criteria)
    expect(ids(answer)).toEqual([ofDan, two.said[0]])
    const rooms = at(answer, 'groups', 'room_id')
    expect(rooms).toMatchObject({
      [one.room]: { order: 0, results: [ofDan] },
      [two.room]: { order: 1, results: two.said },
    })
    const senders = at(answer, 'groups', 'sender')
    expect(senders).toMatchObject({
      [dan.userId]: { order: 0, results: [ofDan] },
      [carol.userId]: { order: 1, results: two.said },
    })
    const more = (token: unknown) => allPages(carol, 'quince', criteria, String(token))
    const inOne = await more(at(rooms, one.room, 'next_batch'))
    expect(inOne.flat()).toEqual(one.said.toReversed())
    expect((await more(at(rooms, two.room, 'next_batch'))).flat()).toEqual([])
    expect((await more(at(senders, dan.userId, 'next_batch'))).flat()).toEqual([])
  })

  it('have no next page when there is none', async () => {
    const user = await person()
    const { room, said } = await roomWith(user, 'medlar')
    const criteria = { groupings: { group_by: [{ key: 'room_id' }] } }
    const answer = await search(user, 'medlar', criteria)
    expect(at(answer, 'groups')).toEqual({ room_id: { [room]: { order: 0, results: said } } })
  })
})

test('the context of a result has its surroundings and the names of that time', async () => {
  const user = await person()
  ok(await user.call('PUT', `/profile/${user.userId}/displayname`, { displayname: 'Then' }))
  const { room, said } = await roomWith(user, 'a', 'b', 'c', 'durian', 'd', 'e')
  ok(await user.call('PUT', `/profile/${user.userId}/displayname`, { displayname: 'Now' }))
  const answer = await search(user, 'durian', {
    event_context: { before_limit: 2, after_limit: 1, include_profile: true },
  })
  const context = at(answer, 'results', 0, 'context')
  const around = (name: string) => list(context, name).map((event) => at(event, 'event_id'))
  expect(around('events_before')).toEqual([said[2], said[1]])
  expect(around('events_after')).toEqual([said[4]])
  expect(at(context, 'profile_info')).toEqual({ [user.userId]: { displayname: 'Then' } })
  const page = await user.call(
    'GET',
    `/rooms/${room}/messages?dir=b&limit=1&from=${text(context, 'start')}`,
  )
  expect(list(ok(page), 'chunk').map((event) => at(event, 'event_id'))).toEqual([said[0]])
  const defaults = await search(user, 'durian', { event_context: {} })
  const events = at(defaults, 'results', 0, 'context')
  expect([list(events, 'events_before').length, list(events, 'events_after').length]).toEqual([
    5, 3,
  ])
  expect(at(events, 'profile_info')).toBeUndefined()
})

test('the state of the rooms comes when asked for', async () => {
  const { room } = await roomWith(alice, 'lychee')
  const answer = await search(alice, 'lychee', { include_state: true })
  const state = list(answer, 'state', room).map((event) => at(event, 'type'))
  expect(state).toEqual(expect.arrayContaining(['m.room.create', 'm.room.member']))
  expect(at(await search(alice, 'lychee'), 'state')).toBeUndefined()
})

test('the filter picks rooms, senders, types and what has a url', async () => {
  const [user, other] = [await person(), await person()]
  const one = await roomWith(user, 'papaya')
  const two = await roomWith(user)
  await other.join(two.room)
  const theirs = await other.say(two.room, 'papaya')
  const name = await user.setState(two.room, 'm.room.name', '', { name: 'papaya' })
  const image = await send(user, one.room, 'm.room.message', {
    msgtype: 'm.image',
    body: 'papaya',
    url: 'mxc://test.example/papaya',
  })
  const [own = ''] = one.said
  const filtered = (filter: object) => finds(user, 'papaya', { filter })
  expect(await filtered({})).toEqual([own, theirs, name, image].sort())
  expect(await filtered({ rooms: [one.room] })).toEqual([own, image].sort())
  expect(await filtered({ not_rooms: [one.room] })).toEqual([theirs, name].sort())
  expect(await filtered({ senders: [other.userId] })).toEqual([theirs])
  expect(await filtered({ senders: ['@nobody:test.example'] })).toEqual([])
  expect(await filtered({ not_senders: [user.userId] })).toEqual([theirs])
  expect(await filtered({ types: ['m.room.n*'] })).toEqual([name])
  expect(await filtered({ not_types: ['m.room.m*'] })).toEqual([name])
  expect(await filtered({ contains_url: true })).toEqual([image])
  expect(await filtered({ contains_url: false })).toEqual([own, theirs, name].sort())
  expect(await filtered({ rooms: [] })).toEqual([])
})

describe('what was taken back', () => {
  it('is not found once it is redacted', async () => {
    const { room, said } = await roomWith(alice, 'rambutan one', 'rambutan two')
    await redact(alice, room, said[0] ?? '')
    expect(await finds(alice, 'rambutan')).toEqual([said[1]])
    const event = await server.ctx.reads.eventById(parseEventId(said[0] ?? ''))
    const rows = await server.ctx.db.selectFrom('search_events').select('ev').execute()
    expect(rows.map(({ ev }) => ev)).not.toContain(event?.pos)
  })

  it('is found by its newest text alone once it is edited', async () => {
    const { room, said } = await roomWith(alice, 'soursop')
    const [original = ''] = said
    const second = await edit(alice, room, original, 'tamarind')
    expect([await finds(alice, 'soursop'), await finds(alice, 'tamarind')]).toEqual([[], said])
    const third = await edit(alice, room, original, 'ugli')
    expect([await finds(alice, 'tamarind'), await finds(alice, 'ugli')]).toEqual([[], said])
    await redact(alice, room, third)
    expect([await finds(alice, 'tamarind'), await finds(alice, 'ugli')]).toEqual([said, []])
    await redact(alice, room, second)
    expect([await finds(alice, 'tamarind'), await finds(alice, 'soursop')]).toEqual([[], said])
    await redact(alice, room, original)
    expect(await finds(alice, 'soursop')).toEqual([])
  })

  it('is not changed by an edit of somebody else', async () => {
    const { room, said } = await roomWith(alice, 'yuzu')
    const mallory = await person()
    await mallory.join(room)
    await edit(mallory, room, said[0] ?? '', 'forged')
    expect([await finds(alice, 'yuzu'), await finds(alice, 'forged')]).toEqual([said, []])
  })
})

test.each([
  ['no term', {}, 'M_MISSING_PARAM'],
  ['a term that is none', { search_term: 7 }, 'M_BAD_JSON'],
  ['a term without end', { search_term: 'x '.repeat(600) }, 'M_INVALID_PARAM'],
  ['an unknown key', { search_term: 'x', keys: ['content.secret'] }, 'M_INVALID_PARAM'],
  ['an unknown order', { search_term: 'x', order_by: 'random' }, 'M_INVALID_PARAM'],
  [
    'an unknown group',
    { search_term: 'x', groupings: { group_by: [{ key: 'type' }] } },
    'M_INVALID_PARAM',
  ],
  ['a bad filter', { search_term: 'x', filter: { rooms: ['nowhere'] } }, 'M_INVALID_PARAM'],
  ['a limit of 0', { search_term: 'x', filter: { limit: 0 } }, 'M_INVALID_PARAM'],
  [
    'a negative context',
    { search_term: 'x', event_context: { before_limit: -1 } },
    'M_INVALID_PARAM',
  ],
])('%s is refused', async (_what, room_events, errcode) => {
  const answer = await alice.call('POST', '/search', { search_categories: { room_events } })
  expect(answer).toMatchObject({ status: 400, body: { errcode } })
})

test.each(['nonsense', '', 'e30', Buffer.from('{"before":-1,"count":0}').toString('base64url')])(
  'the token %j is refused',
  async (token) => {
    const body = { search_categories: { room_events: { search_term: 'x' } } }
    const answer = await alice.call('POST', `/search?next_batch=${token}`, body)
    expect(answer).toMatchObject({ status: 400, body: { errcode: 'M_INVALID_PARAM' } })
  },
)

test('hostile terms and limits find what they can', async () => {
  const { said } = await roomWith(alice, "o'brien \\ 'quoted' & | ! <-> :* (jabuticaba)")
  for (const term of ["'jabuticaba' & !o", "\\'jabuticaba:*", '((jabuticaba', 'jabuticaba\0']) {
    expect(await finds(alice, term)).toEqual(said)
  }
  const limits = { before_limit: 2 ** 40, after_limit: 2 ** 40 }
  const answer = await search(alice, 'jabuticaba', {
    filter: { limit: 2 ** 40 },
    event_context: limits,
  })
  expect(ids(answer)).toEqual(said)
})

test('without a category there is nothing to search', async () => {
  const answer = ok(await alice.call('POST', '/search', { search_categories: {} }))
  expect(answer).toEqual({ search_categories: {} })
  const body = { search_categories: {} }
  expect((await server.request('POST', '/_matrix/client/v3/search', { body })).status).toBe(401)
})
