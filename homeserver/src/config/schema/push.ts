import { z } from 'zod'

export const push = z
  .strictObject({
    legacy_mentions: z
      .boolean()
      .default(false)
      .describe(
        'Whether a message that does not say whom it mentions highlights for those whose name or ' +
          'user name is in its text, and `@room` for everybody. So it was until Matrix v1.16; only ' +
          'for people with clients or bots of that time. Every unread message is then judged for ' +
          'each reader, which takes time in large rooms.',
      ),
  })
  .prefault({})
  .describe('What notifies.')
