import { z } from '#http/endpoint.ts'

/** What an administrator may set on a registration token; `null` lifts the limit. */
export const tokenChange = {
  uses_allowed: z.int().min(0).max(2_147_483_647).nullable().optional(),
  expiry_time: z.int().nullable().optional(),
}
