// GET /_matrix/client/v3/pushers
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3pushers
import { endpoint } from '#http/endpoint.ts'

export const getPushers = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/pushers',
  auth: 'user',
  async handler({ requester, ctx }) {
    const pushers = await ctx.pushers.of(requester.user)
    return {
      pushers: pushers.map((pusher) => ({
        pushkey: pusher.pushkey,
        kind: 'http',
        app_id: pusher.appId,
        app_display_name: pusher.appDisplayName,
        device_display_name: pusher.deviceDisplayName,
        ...(pusher.profileTag !== undefined && { profile_tag: pusher.profileTag }),
        lang: pusher.lang,
        data: pusher.data,
      })),
    }
  },
})
