import { z } from 'zod'

export const userDirectory = z
  .strictObject({
    search_all_users: z
      .boolean()
      .default(false)
      .describe(
        'Whether people find everybody on this server, or only those with whom they share a room ' +
          'and those in rooms that are open to all.',
      ),
  })
  .prefault({})
  .describe('Finding people.')
