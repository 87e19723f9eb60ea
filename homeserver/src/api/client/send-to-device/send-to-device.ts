// PUT /_matrix/client/v3/sendToDevice/{eventType}/{txnId}
// https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3sendtodeviceeventtypetxnid
import { endpoint, jsonObject, storableText, z } from '#http/endpoint.ts'
import { messagesOf } from './messages-of.ts'

export const sendToDevice = endpoint({
  method: 'PUT',
  path: '/_matrix/client/v3/sendToDevice/:eventType/:txnId',
  auth: 'user',
  rateLimit: 'default',
  guests: true,
  whileSuspended: true,
  params: z.object({ eventType: storableText, txnId: storableText }),
  body: z.object({ messages: jsonObject }),
  async handler({ params, body, requester, ctx }) {
    await ctx.toDevice.send({
      sender: requester.userId,
      device: requester.device,
      type: params.eventType,
      txnId: params.txnId,
      messages: messagesOf(body.messages),
    })
    return {}
  },
})
