import type { Dictionary, RoomInfo } from '#log/types.ts'
import { badJson, forbidden } from '#matrix/errors.ts'
import { isUserId, type UserId } from '#matrix/ids.ts'
import { isJsonObject, own, type JsonObject } from '#matrix/json.ts'
import type { RoomStates } from '#room-state/types.ts'
import type { Sending } from '#services/sending/index.ts'

export interface ThirdPartyDeps {
  readonly roomStates: RoomStates
  readonly dictionary: Dictionary
  readonly sending: Sending
}

/**
 * Turns a pending `m.room.third_party_invite` into an invitation of the user who proves to own the
 * third-party identifier. The authorisation rules check the proof's signature.
 * https://spec.matrix.org/v1.19/client-server-api/#third-party-invites
 * @throws {MatrixError} 400 for a malformed proof; 403 when it is another user's, or there is no
 *   such pending invite
 */
export async function acceptThirdPartyInvite(
  room: RoomInfo,
  target: UserId,
  signed: JsonObject,
  { roomStates, dictionary, sending }: ThirdPartyDeps,
): Promise<void> {
  const { sender, mxid, token, signatures } = fieldsOf(signed)
  if (mxid !== target) throw forbidden('The third-party invite is for another user.')
  const pending = await roomStates.currentOf(room.key, 'm.room.third_party_invite', token)
  if (pending === undefined || pending.senderId !== sender) {
    throw forbidden('There is no such third-party invite in this room.')
  }
  const inviter = await dictionary.user(sender)
  if (!inviter.local) throw forbidden('The user who sent this invite is not on this server.')
  const displayName = own(pending.roomEvent().content, 'display_name')
  await sending.send({
    sender: inviter,
    device: undefined,
    roomId: room.roomId,
    type: 'm.room.member',
    stateKey: target,
    content: {
      membership: 'invite',
      third_party_invite: {
        display_name: typeof displayName === 'string' ? displayName : '',
        signed: { mxid, token, signatures },
      },
    },
  })
}

function fieldsOf(signed: JsonObject) {
  const sender = own(signed, 'sender')
  const mxid = own(signed, 'mxid')
  const token = own(signed, 'token')
  const signatures = own(signed, 'signatures')
  if (
    typeof sender !== 'string' ||
    !isUserId(sender) ||
    typeof mxid !== 'string' ||
    typeof token !== 'string' ||
    !isJsonObject(signatures)
  ) {
    throw badJson('third_party_signed needs sender, mxid, token and signatures.')
  }
  return { sender, mxid, token, signatures }
}
