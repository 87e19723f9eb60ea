import { type ISearchResults, Visibility } from 'matrix-js-sdk'
import { describe, expect, test } from 'vitest'
import { accountName } from '../../target/target.ts'
import { aliceAndBob } from './alice-and-bob.ts'
import type { Device } from './device.ts'
import { until } from './until.ts'

describe('search and directories with the SDK', () => {
  let alice: Device
  let bob: Device
  /** A word that nobody else uses, on a server that others use too. */
  const word = accountName('lighthouse').replaceAll('-', '')

  aliceAndBob((all) => ({ alice, bob } = all))

  const serverName = () => alice.userId.slice(alice.userId.indexOf(':') + 1)

  test('messages are found in pages, newest first, with what was said around them', async () => {
    const { room_id: roomId } = await alice.client.createRoom({ invite: [bob.userId] })
    await bob.roomAs(roomId, 'invite')
    await bob.client.joinRoom(roomId)
    const sent: string[] = []
    for (let n = 0; n < 23; n++) {
      const { event_id: id } = await alice.client.sendTextMessage(roomId, `${word} ${n}`)
      sent.push(id)
    }
    const { room_id: hidden } = await alice.client.createRoom({})
    await alice.client.sendTextMessage(hidden, `${word} for me alone`)

    const found: ISearchResults = await bob.client.searchRoomEvents({ term: word })
    expect(found.count).toBe(sent.length)
    expect(found.results.length).toBeLessThan(sent.length)
    expect(found.highlights).toContain(word)
    for (let page = 0; page < 10 && found.next_batch !== undefined; page++) {
      await bob.client.backPaginateRoomEventsSearch(found)
    }
    const ids = found.results.map(({ context }) => context.ourEvent.getId())
    expect(ids).toEqual(sent.toReversed())
    const middle = found.results[10]?.context.getTimeline().map((event) => event.getId())
    expect(middle).toEqual([sent[11], sent[12], sent[13]])
  })

  test('a search keeps to the rooms that are named, and to those of the one who asks', async () => {
    const { room_id: roomId } = await alice.client.createRoom({ name: `Room ${word}` })
    const { event_id: id } = await alice.client.sendTextMessage(roomId, 'the old harbour')
    await alice.client.sendTextMessage(roomId, 'nothing of it')
    const room_events = {
      search_term: 'harbour',
      keys: ['content.body'],
      filter: { rooms: [roomId] },
    }
    const body = { search_categories: { room_events } } as const
    const answer = await alice.client.search({ body: body as never })
    const results = answer.search_categories.room_events.results ?? []
    expect(results.map(({ result }) => result.event_id)).toEqual([id])
    const denied = { ...room_events, filter: { rooms: [roomId] } }
    const others = { search_categories: { room_events: denied } }
    const theirs = await bob.client.search({ body: others as never })
    expect(theirs.search_categories.room_events.results ?? []).toEqual([])
  })

  test('people are found by name, once they can be seen', async () => {
    const name = `Bob of ${word}`
    await bob.client.setDisplayName(name)
    const { room_id: roomId } = await bob.client.createRoom({ preset: 'public_chat' as never })
    await alice.client.joinRoom(roomId)
    const person = await until('bob in the directory', async () => {
      const { results } = await alice.client.searchUserDirectory({ term: word, limit: 5 })
      return results.find(({ user_id }) => user_id === bob.userId)
    })
    expect(person.display_name).toBe(name)
    const { limited, results } = await alice.client.searchUserDirectory({ term: `no${word}` })
    expect([limited, results]).toEqual([false, []])
  })

  test('an alias leads to its room until it is deleted, by its maker alone', async () => {
    const alias = `#${accountName('harbour')}:${serverName()}`
    const { room_id: roomId } = await alice.client.createRoom({ preset: 'public_chat' as never })
    await alice.client.createAlias(alias, roomId)
    expect((await bob.client.getRoomIdForAlias(alias)).room_id).toBe(roomId)
    expect((await alice.client.getLocalAliases(roomId)).aliases).toEqual([alias])
    expect((await bob.client.joinRoom(alias)).roomId).toBe(roomId)
    await expect(bob.client.createAlias(alias, roomId)).rejects.toMatchObject({ httpStatus: 409 })
    await expect(bob.client.deleteAlias(alias)).rejects.toMatchObject({ errcode: 'M_FORBIDDEN' })
    await alice.client.deleteAlias(alias)
    await expect(bob.client.getRoomIdForAlias(alias)).rejects.toMatchObject({
      errcode: 'M_NOT_FOUND',
    })
  })

  test('public rooms are listed in pages, searched, and hidden again', async () => {
    const ids: string[] = []
    for (const topic of ['Boats', 'Nets', 'Ropes']) {
      const made = await alice.client.createRoom({
        preset: 'public_chat' as never,
        visibility: Visibility.Public,
        name: `${word} ${topic}`,
        topic: `All about ${topic}`,
      })
      ids.push(made.room_id)
    }
    const search = async (term: string): Promise<string[]> => {
      const found: string[] = []
      let since: string | undefined
      do {
        const filter = { generic_search_term: term }
        const options = { filter, limit: 2, ...(since !== undefined && { since }) }
        const page = await bob.client.publicRooms(options)
        expect(page.chunk.length).toBeLessThanOrEqual(2)
        found.push(...page.chunk.map(({ room_id }) => room_id))
        since = page.next_batch
      } while (since !== undefined)
      return found
    }
    await until('all three', async () => (await search(word)).length === 3)
    expect(new Set(await search(word))).toEqual(new Set(ids))
    expect(await search(`${word} Nets`)).toEqual([ids[1]])
    const [room] = (
      await bob.client.publicRooms({ filter: { generic_search_term: `${word} Boats` } })
    ).chunk
    expect(room).toMatchObject({
      topic: 'All about Boats',
      num_joined_members: 1,
      world_readable: false,
      guest_can_join: false,
    })
    const [first = ''] = ids
    await alice.client.setRoomDirectoryVisibility(first, Visibility.Private)
    expect((await alice.client.getRoomDirectoryVisibility(first)).visibility).toBe('private')
    expect(await search(word)).not.toContain(first)
    await expect(
      bob.client.setRoomDirectoryVisibility(ids[1] ?? '', Visibility.Private),
    ).rejects.toMatchObject({ errcode: 'M_FORBIDDEN' })
  })
})
