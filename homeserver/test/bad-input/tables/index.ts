import type { Spoiled, Table } from '../row.ts'
import type { World } from '../world.ts'
import { accounts } from './accounts.ts'
import { devices } from './devices.ts'
import { directory } from './directory.ts'
import { events } from './events.ts'
import { membership } from './membership.ts'
import { pushNotifications } from './push-notifications.ts'
import { reading } from './reading.ts'
import { relations } from './relations.ts'
import { reporting } from './reporting.ts'
import { rooms } from './rooms.ts'
import { searching } from './searching.ts'
import { serverAdministration } from './server-administration.ts'
import { sessions } from './sessions.ts'
import { syncing } from './syncing.ts'
import { userData } from './user-data.ts'

const TABLES: readonly ((world: World) => Table | Promise<Table>)[] = [
  accounts,
  devices,
  directory,
  events,
  membership,
  pushNotifications,
  reading,
  relations,
  reporting,
  rooms,
  searching,
  serverAdministration,
  sessions,
  syncing,
  userData,
]

/** What is wrong with requests, by operation id. */
export async function allTables(world: World): Promise<ReadonlyMap<string, Spoiled>> {
  const all = new Map<string, Spoiled>()
  for (const table of TABLES) {
    for (const [id, spoiled] of Object.entries(await table(world))) all.set(id, spoiled)
  }
  return all
}
