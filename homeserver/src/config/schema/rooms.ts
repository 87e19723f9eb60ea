import { z } from 'zod'
import { DEFAULT_ROOM_VERSION, ROOM_VERSIONS } from '#matrix/room-versions/room-version.ts'

export const rooms = z
  .strictObject({
    default_room_version: z
      .enum([...ROOM_VERSIONS.keys()])
      .default(DEFAULT_ROOM_VERSION.id)
      .describe(
        'The version of new rooms for which the client asks for none. Older ones lack repairs: only ' +
          'where other servers cannot yet join the newest.',
      ),
  })
  .prefault({})
  .describe('Rooms made here.')
