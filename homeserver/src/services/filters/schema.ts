import { z } from 'zod'
import { roomId, userId } from '#matrix/ids.ts'

const eventFilter = z.object({
  limit: z.int().min(1).optional(),
  not_senders: z.array(userId).optional(),
  not_types: z.array(z.string()).optional(),
  senders: z.array(userId).optional(),
  types: z.array(z.string()).optional(),
})

const roomEventFilter = eventFilter.extend({
  unread_thread_notifications: z.boolean().optional(),
  lazy_load_members: z.boolean().optional(),
  include_redundant_members: z.boolean().optional(),
  not_rooms: z.array(roomId).optional(),
  rooms: z.array(roomId).optional(),
  contains_url: z.boolean().optional(),
})

/** A timeline of no events is what bots ask for that only want the state, though 1 is the least specified. */
const timelineFilter = roomEventFilter.extend({ limit: z.int().min(0).optional() })

/**
 * A filter as clients define it. Unknown keys are dropped.
 * https://spec.matrix.org/v1.19/client-server-api/#filtering
 */
export const filterSchema = z.object({
  event_fields: z.array(z.string()).optional(),
  event_format: z.enum(['client', 'federation']).optional(),
  presence: eventFilter.optional(),
  account_data: eventFilter.optional(),
  room: z
    .object({
      not_rooms: z.array(roomId).optional(),
      rooms: z.array(roomId).optional(),
      ephemeral: roomEventFilter.optional(),
      include_leave: z.boolean().optional(),
      state: roomEventFilter.optional(),
      timeline: timelineFilter.optional(),
      account_data: roomEventFilter.optional(),
    })
    .optional(),
})

/** The filter of `/messages`, `/context` and the like. */
export const roomEventFilterSchema = roomEventFilter

export type EventFilter = z.output<typeof eventFilter>
export type RoomEventFilter = z.output<typeof roomEventFilter>
export type Filter = z.output<typeof filterSchema>
