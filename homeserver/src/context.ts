import type { Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { routes } from '#api/routes.ts'
import type { Config } from '#config/schema/config.ts'
import { createDb, type Db } from '#db/db.ts'
import { poolSize } from '#db/pool-size.ts'
import { addressUrl } from '#http/address-url.ts'
import { createHttpServer } from '#http/create-http-server.ts'
import { openLog, type OpenLog } from '#log/index.ts'
import { createForgetting, type Forgetting } from '#log/forgetting.ts'
import { createSharingReads } from '#log/reads-sharing.ts'
import { createSummaryReads } from '#log/reads-summary.ts'
import { createRelationReads, type RelationReads } from '#log/reads-relations.ts'
import { createTimelineReads, type TimelineReads } from '#log/reads-timeline.ts'
import { createUnreadReads } from '#log/reads-unread.ts'
import { parseServerName, type ServerName } from '#matrix/ids.ts'
import type { SigningKey } from '#matrix/events/signing-key.ts'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'
import type { Rng } from '#platform/rng.ts'
import { lazyOutbound } from '#platform/outbound/lazy-outbound.ts'
import type { Outbound } from '#platform/outbound/outbound.ts'
import { readOrMakeSigningKey } from '#platform/signing-key-file.ts'
import type { Policies } from '#policies/policies.ts'
import { createRoomStates } from '#room-state/index.ts'
import type { RoomStates } from '#room-state/types.ts'
import { createAccountData, createTags } from '#services/account-data/index.ts'
import { createAccounts, ErasedUsers } from '#services/accounts/index.ts'
import { createAggregations } from '#services/aggregations/index.ts'
import { createDeactivation } from '#services/deactivation/index.ts'
import {
  createAliases,
  createDirectory,
  createPublicRooms,
  RoomSummaries,
} from '#services/directory/index.ts'
import { createEventStream } from '#services/event-stream/index.ts'
import { createFilters } from '#services/filters/index.ts'
import { createGuests } from '#services/guests/index.ts'
import { createInitialSync } from '#services/initial-sync/index.ts'
import { createJoinedRoom } from '#services/joined-room/index.ts'
import { createMembership } from '#services/membership/index.ts'
import { createOpenId } from '#services/openid/index.ts'
import { createPasswordChange } from '#services/password-change/index.ts'
import { createModeration } from '#services/moderation/index.ts'
import { createPresence } from '#services/presence/index.ts'
import { createNotifications } from '#services/notifications/index.ts'
import { createProfiles } from '#services/profiles/index.ts'
import { createPushers, PushDelivery } from '#services/pushers/index.ts'
import {
  createPushRules,
  createUnreadCounts,
  PushEvaluator,
  RuleBook,
} from '#services/push-rules/index.ts'
import { createReceipts } from '#services/receipts/index.ts'
import { createRelations } from '#services/relations/index.ts'
import { createRegistration } from '#services/registration/index.ts'
import { createRoomCreation } from '#services/room-creation/index.ts'
import { createCarriedSettings, createRoomUpgrades } from '#services/room-upgrades/index.ts'
import { createSearch, SearchIndexer } from '#services/search/index.ts'
import { createSending } from '#services/sending/index.ts'
import { createDevices, createSessions } from '#services/sessions/index.ts'
import { createSpaces } from '#services/spaces/index.ts'
import { createSync } from '#services/sync/index.ts'
import { createTimeline } from '#services/timeline/index.ts'
import { createToDevice } from '#services/to-device/index.ts'
import { createSharedTypingBus, createTyping } from '#services/typing/index.ts'
import { createUia } from '#services/uia/index.ts'
import { createMutualRooms, createUserDirectory } from '#services/user-directory/index.ts'
import { createAccess, createVisibility } from '#services/visibility/index.ts'
import { webClient } from '#web/web-client.ts'

/** What a server is made of; tests replace parts. */
export interface ContextOptions {
  readonly config: Config
  readonly policies: Policies
  readonly testMode: boolean
  /** A migrated database of this server name. */
  readonly databaseUrl: string
  readonly clock: Clock
  readonly rng: Rng
  readonly logger: Logger
  /** The client's workspace, which holds its build. */
  readonly clientFolder?: string
}

/** Everything that endpoints work with. */
export type Context = Base & ReturnType<typeof createServices>

/** A server that can be opened to clients and is torn down as a whole. */
export type Server = Context &
  AsyncDisposable & {
    /** Opens the listener; port 0 takes a free one. */
    listen(host: string, port: number): Promise<{ readonly url: string }>
    /** Serves a connection that another process accepted. */
    accept(socket: Socket): void
  }

interface Base {
  readonly config: Config
  readonly serverName: ServerName
  readonly signingKey: SigningKey
  readonly clock: Clock
  readonly rng: Rng
  readonly logger: Logger
  readonly policies: Policies
  readonly db: Db
  readonly dictionary: OpenLog['dictionary']
  readonly log: OpenLog['log']
  readonly reads: OpenLog['reads']
  readonly timelineReads: TimelineReads
  readonly relationReads: RelationReads
  readonly forgetting: Forgetting
  readonly inbox: OpenLog['inbox']
  readonly wakeups: OpenLog['wakeups']
  readonly tokens: OpenLog['tokens']
  readonly hints: OpenLog['hints']
  readonly sole: OpenLog['sole']
  readonly behindMs: OpenLog['behindMs']
  readonly roomStates: RoomStates
  /** Requests to hosts that others have named. */
  readonly outbound: Outbound
}

const CLIENT_FOLDER = join(dirname(fileURLToPath(import.meta.url)), '../../client')

/**
 * Builds the server: the only place that constructs services. What was started is stopped in
 * reverse order by disposal.
 */
export async function createContext(options: ContextOptions): Promise<Server> {
  await using stack = new AsyncDisposableStack()
  const { config, clock, rng, logger, databaseUrl } = options
  const serverName = parseServerName(config.server_name)
  const signingKey = await readOrMakeSigningKey(config.signing_key_file, rng)
  const size = poolSize(config)
  const db = createDb({ url: databaseUrl, logger, applicationName: 'hearth', size })
  stack.defer(() => db.destroy())
  const log = stack.use(await openLog({ url: databaseUrl, serverName, clock, rng, logger }))
  const base: Base = {
    config,
    serverName,
    signingKey,
    clock,
    rng,
    logger,
    policies: options.policies,
    db,
    dictionary: log.dictionary,
    log: log.log,
    reads: log.reads,
    timelineReads: createTimelineReads(log.internals.reader),
    relationReads: createRelationReads(log.internals.reader),
    forgetting: createForgetting(log.internals.reader),
    inbox: log.inbox,
    wakeups: log.wakeups,
    tokens: log.tokens,
    hints: log.hints,
    sole: log.sole,
    behindMs: () => log.behindMs(),
    roomStates: createRoomStates(log),
    outbound: stack.use(lazyOutbound({ guard: options.policies.addresses })),
  }
  const context: Context = { ...base, ...createServices(base) }
  const http = createHttpServer(context, routes, {
    testMode: options.testMode,
    web: await webClient(options.clientFolder ?? CLIENT_FOLDER),
    health: () =>
      Promise.resolve({ log: log.health() ? undefined : 'the event log cannot be reached' }),
  })
  stack.defer(() => context.deactivation.stop())
  context.deactivation.start()
  stack.defer(() => context.guests.stop())
  stack.defer(() => context.presence?.service.stop())
  stack.defer(() => context.sessions.stop())
  stack.defer(() => context.pushDelivery.stop())
  context.pushDelivery.start()
  stack.defer(() => context.roomSummaries.stop())
  stack.defer(() => context.searchIndexer.stop())
  stack.defer(() => context.typing.close())
  stack.defer(() => http.close())
  return withListener(context, http, stack.move())
}

function withListener(
  context: Context,
  http: ReturnType<typeof createHttpServer>,
  stack: AsyncDisposableStack,
): Server {
  return {
    ...context,
    async listen(host, port) {
      const { host: address, port: taken } = await http.listen(host, port)
      return { url: addressUrl({ address, port: taken }) }
    },
    accept: (socket) => http.accept(socket),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

function createServices(base: Base) {
  const { db, log, reads, policies, serverName } = base
  const { limiter, passwordHasher, minPasswordLength } = policies
  const accounts = createAccounts({ ...base, passwordHasher, limiter, minPasswordLength, db })
  const sessions = createSessions({ ...base, db })
  const devices = createDevices({ db, log, writeLastSeen: () => sessions.writeLastSeen() })
  const uia = createUia({ ...base, db })
  const registration = createRegistration({
    ...base,
    db,
    accounts,
    sessions,
    devices,
    uia,
    limiter,
    policy: policies.registration,
  })
  const directory = createDirectory(base)
  const joinedRoom = createJoinedRoom(base)
  const visibility = createVisibility(base)
  const access = createAccess(base)
  const sending = createSending({ ...base, resolveAlias: (alias) => directory.resolve(alias) })
  const profiles = createProfiles({
    db,
    log,
    onChange: (userId) => membership.profileChanged(userId),
  })
  const membership = createMembership({
    ...base,
    sending,
    directory,
    profiles,
    limiter,
    onJoin: (user, roomId) => settings.carryOver(user, roomId),
  })
  const roomCreation = createRoomCreation({ ...base, sending, membership, directory, limiter })
  const aggregations = createAggregations({ ...base, visibility })
  const erased = new ErasedUsers(base)
  const timeline = createTimeline({ ...base, visibility, access, joinedRoom, aggregations, erased })
  const searchIndexer = new SearchIndexer(base)
  const pushers = createPushers({ ...base, guard: policies.addresses })
  const ruleBook = new RuleBook(base)
  const pushRules = createPushRules({ db, log, ruleBook })
  const settings = createCarriedSettings({ ...base, pushRules })
  const evaluator = new PushEvaluator({ ...base, ruleBook })
  const unreadReads = createUnreadReads(db)
  const unread = createUnreadCounts({
    log,
    reads: { ...reads, ...unreadReads },
    ruleBook,
    evaluator,
  })
  const judging = { ...base, unreadReads, evaluator, visibility, unread }
  const typing = createTyping({ ...base, bus: createSharedTypingBus(base.hints) })
  const filters = createFilters(base)
  const sharing = createSharingReads(db)
  const presence = createPresence({ ...base, sharing })
  const roomSummaries = new RoomSummaries(base)
  const sync = createSync({
    ...base,
    filters,
    summaryReads: createSummaryReads(db),
    clientEvents: timeline,
    aggregations,
    visibility,
    typing,
    pushRules,
    unread,
    presence: presence?.reader,
  })
  return {
    accounts,
    sessions,
    devices,
    passwordChange: createPasswordChange({ accounts, devices, uia }),
    openId: createOpenId(base),
    deactivation: createDeactivation({ ...base, accounts, devices, profiles, sending }),
    uia,
    registration,
    profiles,
    filters,
    directory,
    aliases: createAliases({ ...base, directory, sending, access, joinedRoom }),
    roomSummaries,
    publicRooms: createPublicRooms({ ...base, roomSummaries }),
    userDirectory: createUserDirectory({ ...base, roomSummaries }),
    mutualRooms: createMutualRooms(base),
    joinedRoom,
    visibility,
    sending,
    membership,
    roomCreation,
    roomUpgrades: createRoomUpgrades({
      ...base,
      sending,
      membership,
      directory,
      limiter,
      settings,
    }),
    timeline,
    eventStream: createEventStream({ ...base, access, visibility, clientEvents: timeline }),
    initialSync: createInitialSync({ ...base, access, directory, timeline, sync }),
    relations: createRelations({ ...base, visibility, access, aggregations, timeline }),
    pushRules,
    typing,
    pushers,
    pushDelivery: new PushDelivery(judging),
    notifications: createNotifications({ ...judging, clientEvents: timeline }),
    sync,
    spaces: createSpaces(base),
    guests: createGuests({ ...base, accounts, limiter, sending, sharing }),
    presence,
    moderation: createModeration({ ...base, accounts, visibility }),
    receipts: createReceipts({ ...base, joinedRoom }),
    toDevice: createToDevice({ ...base, sessions }),
    accountData: createAccountData({ ...base, pushRules }),
    tags: createTags(base),
    searchIndexer,
    search: createSearch({
      ...base,
      visibility,
      access,
      clientEvents: timeline,
      indexer: searchIndexer,
    }),
    serverName,
  }
}
