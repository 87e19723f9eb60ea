// POST /_matrix/client/v3/pushers/set
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3pushersset
import { endpoint, jsonObject, storableText, z } from '#http/endpoint.ts'
import { badJson, invalidParam, missingParam } from '#matrix/errors.ts'
import { own } from '#matrix/json.ts'

const MAX_APP_ID_LENGTH = 64
const MAX_PUSHKEY_BYTES = 512
const MAX_NAME_LENGTH = 1000

const name = storableText.pipe(z.string().max(MAX_NAME_LENGTH))

const pusher = z.object({
  pushkey: storableText.refine(
    (text) => Buffer.byteLength(text) <= MAX_PUSHKEY_BYTES,
    `Longer than ${MAX_PUSHKEY_BYTES} bytes`,
  ),
  kind: z.string().nullable(),
  app_id: storableText.pipe(z.string().max(MAX_APP_ID_LENGTH)),
  app_display_name: name.optional(),
  device_display_name: name.optional(),
  profile_tag: name.optional(),
  lang: name.optional(),
  data: jsonObject.optional(),
  append: z.boolean().default(false),
})

export const postPusher = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/pushers/set',
  auth: 'user',
  rateLimit: 'default',
  whileSuspended: true,
  body: pusher,
  maxBodyBytes: 32 * 1024,
  async handler({ body, requester, ctx }) {
    const target = { appId: body.app_id, pushkey: body.pushkey }
    if (body.kind === null) {
      await ctx.pushers.delete(requester.user, target)
      return {}
    }
    if (body.kind !== 'http') throw invalidParam(`Pushers of kind ${body.kind} are not made here.`)
    const input = { ...target, ...described(body), profileTag: body.profile_tag }
    await ctx.pushers.set(requester, input, body.append)
    return {}
  },
})

/** @throws {MatrixError} 400 for what a pusher must have and this one lacks */
function described(body: z.output<typeof pusher>) {
  const { app_display_name: appDisplayName, device_display_name: deviceDisplayName } = body
  const { lang, data } = body
  if (appDisplayName === undefined) throw missingParam('app_display_name')
  if (deviceDisplayName === undefined) throw missingParam('device_display_name')
  if (lang === undefined) throw missingParam('lang')
  if (data === undefined) throw missingParam('data')
  const [url, format] = [own(data, 'url'), own(data, 'format')]
  if (url === undefined) throw missingParam('data.url')
  if (typeof url !== 'string') throw badJson('data.url: Expected a string')
  if (format !== undefined && typeof format !== 'string') {
    throw badJson('data.format: Expected a string')
  }
  if (format !== undefined && format !== 'event_id_only') {
    throw invalidParam('data.format must be event_id_only, or absent.')
  }
  return { appDisplayName, deviceDisplayName, lang, data }
}
