const KEYS = 'Device keys and key backup are not built yet'
const MEDIA = 'Media is not built yet'
const FEDERATION = 'Federation is not built yet'
const NOTICES = 'Server notices are not built; the specification leaves them to servers'
const STRIPPED =
  'Expects the action `dont_notify` to be stored; the specification lets servers strip it, and Hearth does'
const JOIN_CONTENT =
  'Unknown keys of the body become content of the member event; the specification does not say so'

/**
 * Why a test of the suite does not pass, by its name or that of a test above it. Each that fails has
 * one here, and a test says so.
 */
export const CAUSES: Readonly<Record<string, string>> = {
  TestAsyncUpload: MEDIA,
  TestContent: MEDIA,
  TestContentCSAPIMediaV1: MEDIA,
  TestMediaConfig: MEDIA,
  TestRoomImageRoundtrip: MEDIA,
  TestUrlPreview: MEDIA,
  TestDeviceListUpdates: KEYS,
  TestE2EKeyBackupReplaceRoomKeyRules: KEYS,
  TestKeyChangesLocal: KEYS,
  TestKeyClaimOrdering: KEYS,
  TestKeysQueryWithDeviceIDAsObjectFails: KEYS,
  'TestSync/parallel/Device_list_tracking': KEYS,
  TestUploadKey: KEYS,
  TestUploadKeyIdempotency: KEYS,
  TestUploadKeyIdempotencyOverlap: KEYS,
  TestMessagesOverFederation: FEDERATION,
  'TestPushRuleRoomUpgrade/parallel/joining_a_remote_manually_upgraded_room_carries_over_existing_push_rules':
    FEDERATION,
  'TestPushRuleRoomUpgrade/parallel/joining_a_remote_upgraded_room_carries_over_existing_push_rules':
    FEDERATION,
  'TestSync/parallel/sync_should_succeed_even_if_the_sync_token_points_to_a_redaction_of_an_unknown_event':
    FEDERATION,
  TestSyncTimelineGap: FEDERATION,
  TestThreadReceiptsInSyncMSC4102: FEDERATION,
  TestServerNotices: NOTICES,
  TestPushRuleCacheHealth: STRIPPED,
  'TestPushRuleRoomUpgrade/parallel/manually_upgrading_a_room_carries_over_existing_push_rules_for_local_users':
    STRIPPED,
  'TestPushRuleRoomUpgrade/parallel/upgrading_a_room_carries_over_existing_push_rules_for_local_users':
    STRIPPED,
  'TestRoomMembers/Parallel/POST_/join/:room_alias_can_join_a_room_with_custom_content':
    JOIN_CONTENT,
  'TestRoomMembers/Parallel/POST_/join/:room_id_can_join_a_room_with_custom_content': JOIN_CONTENT,
  TestAvatarUrlUpdate:
    'Sets an avatar_url that is no MXC URI, which the specification demands; Hearth answers 400',
  TestGetRoomMembersAtPoint:
    'Takes the prev_batch of a timeline that holds the whole room for its end; here it lies before the create event, where nobody is a member',
  'TestRoomCreate/Parallel/POST_/createRoom_creates_a_room_with_the_given_version':
    'Asks for room version 2; versions 1 and 2 come with federation',
  'TestRoomForget/Parallel/Forgotten_room_messages_cannot_be_paginated':
    'Asks without `dir`, which the specification requires; Hearth answers 400 before it looks at the room',
  'TestRoomState/Parallel/GET_/rooms/:room_id/joined_members_fetches_my_membership':
    'Expects a display name of an account that has set none; it is optional in the specification',
  'TestSearch/parallel/Can_back-paginate_search_results':
    'Expects `next_batch` with the last results; the specification has it absent when nothing follows',
  'TestSearch/parallel/Can_get_context_around_search_results':
    'Expects `next_batch` with the last results; the specification has it absent when nothing follows',
  TestThreadedReceipts:
    'Expects a highlight by the rule .m.rule.contains_user_name, which the specification no longer has',
}

/** The cause of the test itself, or of the nearest one above it; undefined when none is named. */
export function causeOf(
  test: string,
  causes: Readonly<Record<string, string>> = CAUSES,
): string | undefined {
  for (let name = test; ;) {
    if (Object.hasOwn(causes, name)) return causes[name]
    const slash = name.lastIndexOf('/')
    if (slash < 0) return undefined
    name = name.slice(0, slash)
  }
}
