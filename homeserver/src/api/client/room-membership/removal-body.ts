import { z } from '#http/endpoint.ts'
import { userId } from '#matrix/ids.ts'

/** Whose membership somebody changes, and why. */
export const removalBody = z.object({ user_id: userId, reason: z.string().optional() })
