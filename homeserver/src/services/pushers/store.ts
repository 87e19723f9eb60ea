import type { Db } from '#db/db.ts'
import type { DeviceKey, UserKey } from '#log/types.ts'
import { pusherOf } from './rows.ts'
import type { Pusher, PusherInput } from './types.ts'

/** A user's pushers, the oldest first. */
export async function pushersOf(db: Db, user: UserKey): Promise<Pusher[]> {
  const rows = await db
    .selectFrom('pushers')
    .selectAll()
    .where('user_key', '=', user)
    .orderBy('id')
    .execute()
  return rows.map(pusherOf)
}

/** How many other pushers the user has. */
export async function countOthers(
  db: Db,
  user: UserKey,
  { appId, pushkey }: Pick<PusherInput, 'appId' | 'pushkey'>,
): Promise<number> {
  const row = await db
    .selectFrom('pushers')
    .select((eb) => eb.fn.countAll<number>().as('others'))
    .where('user_key', '=', user)
    .where((eb) => eb.or([eb('app_id', '<>', appId), eb('pushkey', '<>', pushkey)]))
    .executeTakeFirstOrThrow()
  return Number(row.others)
}

/**
 * Makes a pusher or changes it. A changed one goes on where it was, and at once if it was waiting
 * after a failure.
 */
export async function putPusher(
  db: Db,
  pusher: PusherInput & { user: UserKey; device: DeviceKey; now: number; head: number },
): Promise<void> {
  const values = {
    device_key: pusher.device,
    app_display_name: pusher.appDisplayName,
    device_display_name: pusher.deviceDisplayName,
    profile_tag: pusher.profileTag ?? null,
    lang: pusher.lang,
    url: pusher.url,
    data: JSON.stringify(pusher.data),
    set_ts: pusher.now,
    failures: 0,
    next_try_ts: 0,
  }
  await db
    .insertInto('pushers')
    .values({
      ...values,
      user_key: pusher.user,
      app_id: pusher.appId,
      pushkey: pusher.pushkey,
      told_to: pusher.head,
    })
    .onConflict((conflict) =>
      conflict.columns(['user_key', 'app_id', 'pushkey']).doUpdateSet(values),
    )
    .execute()
}

type Target = Pick<PusherInput, 'appId' | 'pushkey'>

export async function deletePusher(db: Db, user: UserKey, target: Target): Promise<void> {
  await db
    .deleteFrom('pushers')
    .where('user_key', '=', user)
    .where('app_id', '=', target.appId)
    .where('pushkey', '=', target.pushkey)
    .execute()
}

/** Deletes the pushers that others have with the same application and key. */
export async function deleteOfOthers(db: Db, user: UserKey, target: Target): Promise<void> {
  await db
    .deleteFrom('pushers')
    .where('user_key', '<>', user)
    .where('app_id', '=', target.appId)
    .where('pushkey', '=', target.pushkey)
    .execute()
}
