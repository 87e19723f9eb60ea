// GET /_matrix/client/v3/events/{eventId}
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3eventseventid
import { endpoint, RawJson, z } from '#http/endpoint.ts'
import { eventId } from '#matrix/ids.ts'

export const getOneEvent = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/events/:eventId',
  auth: 'user',
  params: z.object({ eventId }),
  async handler({ params, requester, ctx }) {
    const event = await ctx.timeline.visibleEvent(requester, undefined, params.eventId)
    const [text] = await ctx.timeline.serializeEvents([event], requester, {
      roomId: true,
      relations: false,
    })
    return new RawJson(text ?? '{}')
  },
})
