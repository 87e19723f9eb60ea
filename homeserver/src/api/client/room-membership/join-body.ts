import { jsonObject, z } from '#http/endpoint.ts'

/** What may accompany a join, by ID or by alias. */
export const joinBody = z.object({
  third_party_signed: jsonObject.optional(),
  reason: z.string().optional(),
})
