import type { MembershipRow, RoomKey } from '#log/types.ts'
import type { PresencePart } from '#services/presence/index.ts'
import type { RoomUnread } from '#services/push-rules/index.ts'
import { changedRoom, type JoinedSection, type SectionDeps } from './changed-room.ts'
import { freshRooms } from './fresh-rooms.ts'
import { invitedRooms, knockedRooms } from './invited-rooms.ts'
import { leftRoom } from './left-room.ts'
import { membershipAt } from './membership-at.ts'
import type { Plan } from './plan.ts'
import { accountDataEvent } from './room-extras.ts'
import { joinedRoomJson, type RoomSections } from './room-json.ts'
import type { Target } from './target.ts'
import { toDevicePart, type ToDevicePart } from './to-device.ts'
import type { Answering } from './types.ts'

/** The content of an answer. */
export interface Answer {
  readonly rooms: RoomSections
  readonly accountData: readonly string[]
  readonly toDevice: ToDevicePart
  readonly presence: PresencePart | undefined
}

/** Rooms by how they appear. */
interface Sorted {
  readonly changed: Target[]
  readonly all: Target[]
  readonly newlyJoined: Target[]
  readonly invited: Target[]
  readonly knocked: Target[]
  readonly left: Target[]
}

/** Builds what a plan promises, under the request's filter. */
export async function buildAnswer(
  deps: SectionDeps,
  answering: Answering,
  plan: Plan,
): Promise<Answer> {
  const { device, toldUpTo: after, upTo } = answering
  const [toDevice, content, presence] = await Promise.all([
    toDevicePart(deps.inbox, device, { after, upTo }),
    contentOf(deps, answering, plan),
    presencePart(deps, answering, plan),
  ])
  return { ...content, toDevice, presence }
}

async function presencePart(
  { presence }: Pick<SectionDeps, 'presence'>,
  { user, filter, since, initial, presence: known }: Answering,
  plan: Plan,
): Promise<PresencePart | undefined> {
  if (presence === undefined) return undefined
  const joined = Array.from(plan.rooms.values())
    .filter(({ row }) => !initial && row.membership === 'join' && row.pos > since)
    .map(({ row }) => row.room)
  return await presence.part(user, { ...known, joined, passes: filter.presence })
}

async function contentOf(
  deps: SectionDeps,
  answering: Answering,
  plan: Plan,
): Promise<Omit<Answer, 'toDevice' | 'presence'>> {
  if (plan.rooms.size === 0) {
    const rooms = { join: [], invite: [], knock: [], leave: [] }
    return { rooms, accountData: await globalAccountData(deps, answering, plan) }
  }
  const sorted = await sortRooms(deps, answering, plan)
  const [joined, invite, knock, leave] = await Promise.all([
    joinedSections(deps, answering, sorted),
    invitedRooms(deps, answering, sorted.invited),
    knockedRooms(deps, answering, sorted.knocked),
    Promise.all(
      sorted.left.map(
        async (target) =>
          `${JSON.stringify(target.roomId)}:${await leftRoom(deps, answering, target)}`,
      ),
    ),
  ])
  const unread = await unreadOf(deps, answering, joined)
  const { threadCounts } = answering.filter
  const join = joined.map(({ target, parts }) => {
    const text = joinedRoomJson({ ...parts, unread: unread.get(target.room), threadCounts })
    return `${JSON.stringify(target.roomId)}:${text}`
  })
  return {
    rooms: { join, invite, knock, leave },
    accountData: await globalAccountData(deps, answering, plan),
  }
}

export function isEmpty({ rooms, accountData, toDevice, presence }: Answer): boolean {
  const { join, invite, knock, leave } = rooms
  const presences = presence?.events ?? []
  const lists = [join, invite, knock, leave, accountData, toDevice.events, presences]
  return lists.every((list) => list.length === 0)
}

async function unreadOf(
  deps: SectionDeps,
  answering: Answering,
  joined: readonly JoinedSection[],
): Promise<Map<RoomKey, RoomUnread>> {
  if (joined.length === 0) return new Map()
  return await deps.unread.of(
    { key: answering.user, userId: answering.userId },
    joined.map(({ target }) => target.room),
  )
}

async function joinedSections(
  deps: SectionDeps,
  answering: Answering,
  sorted: Sorted,
): Promise<JoinedSection[]> {
  const after = answering.since
  const [all, newlyJoined, changed] = await Promise.all([
    freshRooms(deps, answering, sorted.all, { after, newlyJoined: false }),
    freshRooms(deps, answering, await withEverything(deps, answering, sorted.newlyJoined), {
      after: 0,
      newlyJoined: true,
    }),
    Promise.all(sorted.changed.map((target) => changedRoom(deps, answering, target))),
  ])
  return [...all, ...newlyJoined, ...changed.filter((section) => section !== undefined)]
}

/** Of a room just joined the client lacks older receipts and account data, too. */
async function withEverything(
  deps: SectionDeps,
  answering: Answering,
  targets: readonly Target[],
): Promise<Target[]> {
  if (targets.length === 0) return []
  const range = { after: 0, upTo: answering.upTo }
  const [receipts, accountData] = await Promise.all([
    deps.reads.receiptsIn(
      targets.map(({ room }) => room),
      range,
    ),
    deps.reads.accountDataOf(answering.user, range),
  ])
  return targets.map((target) => ({
    ...target,
    news: {
      events: true,
      typing: deps.typing.typingIn(target.room).length > 0,
      receipts: receipts.filter(({ room }) => room === target.room),
      accountData: accountData.filter(({ room }) => room === target.room),
    },
  }))
}

async function sortRooms(deps: SectionDeps, answering: Answering, plan: Plan): Promise<Sorted> {
  const sorted: Sorted = {
    changed: [],
    all: [],
    newlyJoined: [],
    invited: [],
    knocked: [],
    left: [],
  }
  const infos = await deps.dictionary.roomsByKey([...plan.rooms.keys()])
  const targets: Target[] = []
  for (const [room, { row, news }] of plan.rooms) {
    const roomId = infos.get(room)?.roomId
    if (roomId === undefined || !answering.filter.room(roomId)) continue
    targets.push({ room, roomId, row, news })
  }
  const lists = await Promise.all(targets.map((target) => listFor(deps, answering, target, sorted)))
  targets.forEach((target, index) => lists[index]?.push(target))
  return sorted
}

async function listFor(
  deps: SectionDeps,
  answering: Answering,
  { room, row }: Target,
  sorted: Sorted,
): Promise<Target[] | undefined> {
  const { initial, fullState, since, userId } = answering
  const isNew = row.pos > since
  switch (row.membership) {
    case 'join': {
      const newly = !initial && isNew && (await membershipAt(deps, room, since, userId)) !== 'join'
      if (newly) return sorted.newlyJoined
      return initial || fullState ? sorted.all : sorted.changed
    }
    case 'invite':
      return isNew || fullState ? sorted.invited : undefined
    case 'knock':
      return isNew || fullState ? sorted.knocked : undefined
    default:
      return (await showsLeft(deps, answering, row)) ? sorted.left : undefined
  }
}

/**
 * A forgotten room does not appear, except that other devices have to learn that the user has left: who
 * forgets is quick.
 */
async function showsLeft(
  deps: SectionDeps,
  { initial, since, userId, filter }: Answering,
  { room, pos, forgotten }: MembershipRow,
): Promise<boolean> {
  if (initial) return filter.includeLeave && !forgotten
  if (pos <= since) return false
  if (!forgotten) return true
  const before = await membershipAt(deps, room, since, userId)
  return before !== undefined && before !== 'leave' && before !== 'ban'
}

async function globalAccountData(
  deps: SectionDeps,
  answering: Answering,
  plan: Plan,
): Promise<string[]> {
  const { accountData: filter } = answering.filter
  const events = plan.accountData
    .filter(
      ({ type, content }) => filter.data(type, content) && !(answering.initial && content === '{}'),
    )
    .map(({ type, content }) => accountDataEvent(type, content))
  const hasRules = plan.accountData.some(({ type }) => type === 'm.push_rules')
  if (answering.initial && !hasRules && filter.data('m.push_rules')) {
    const { user: key, userId } = answering
    const rules = { global: await deps.pushRules.rulesOf({ key, userId }) }
    events.push(accountDataEvent('m.push_rules', JSON.stringify(rules)))
  }
  return events
}
