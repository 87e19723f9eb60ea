import { z } from '#http/endpoint.ts'

/** The event is sent at once and for good: what would change that must not be overlooked. */
const unsupported = z.undefined('Not supported by this server').optional()

/** The query of the operations that send events. */
export const sendQuery = z.object({
  // MSC4140: a delayed event, sent now, would be the leave at the time of joining
  'org.matrix.msc4140.delay': unsupported,
  'org.matrix.msc4140.parent_delay_id': unsupported,
  // MSC4354
  'org.matrix.msc4354.sticky_duration_ms': unsupported,
})
