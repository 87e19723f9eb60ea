const KEYS = 'Device keys and key backup are not built yet'
const MEDIA = 'Media is not built yet'
const FEDERATION = 'Federation is not built yet'
const SERVICES = 'Application services are not built yet'
const NOTICES =
  'Server notices are not built: there is no operation for sending them, only one server’s own API'
const OLD_VERSIONS = 'Room versions 1 and 2 are not built yet; they are of use with federation only'

const NEEDED: readonly (readonly [what: string, tests: readonly string[]])[] = [
  [
    KEYS,
    [
      'TestDeviceListUpdates',
      'TestE2EKeyBackupReplaceRoomKeyRules',
      'TestKeyChangesLocal',
      'TestKeyClaimOrdering',
      'TestKeysQueryWithDeviceIDAsObjectFails',
      'TestSync/parallel/Device_list_tracking',
      'TestUploadKey',
      'TestUploadKeyIdempotency',
      'TestUploadKeyIdempotencyOverlap',
    ],
  ],
  [
    MEDIA,
    [
      'TestAsyncUpload',
      'TestContent',
      'TestContentCSAPIMediaV1',
      'TestLocalPngThumbnail',
      'TestMediaConfig',
      'TestMediaFilenames',
      'TestMediaWithoutFileName',
      'TestMediaWithoutFileNameCSMediaV1',
      'TestRoomImageRoundtrip',
      'TestUnknownEndpoints/Media_endpoints',
      'TestUrlPreview',
    ],
  ],
  [NOTICES, ['TestServerNotices']],
  [
    OLD_VERSIONS,
    ['TestRoomCreate/Parallel/POST_/createRoom_creates_a_room_with_the_given_version'],
  ],
  [
    SERVICES,
    [
      'TestJumpToDateEndpoint/parallel/should_find_next_event_topologically_after_given_timestamp_when_all_message_timestamps_are_the_same',
      'TestJumpToDateEndpoint/parallel/should_find_next_event_topologically_before_given_timestamp_when_all_message_timestamps_are_the_same',
    ],
  ],
  [
    FEDERATION,
    [
      // csapi
      'TestMessagesOverFederation',
      'TestPushRuleRoomUpgrade',
      'TestSync/parallel/sync_should_succeed_even_if_the_sync_token_points_to_a_redaction_of_an_unknown_event',
      'TestSyncTimelineGap',
      'TestThreadReceiptsInSyncMSC4102',
      // tests
      'TestACLs',
      'TestACLsForEDUs',
      'TestBannedUserCannotSendJoin',
      'TestCannotSendKnockViaSendKnockInMSC3787Room',
      'TestCannotSendNonJoinViaSendJoinV1',
      'TestCannotSendNonJoinViaSendJoinV2',
      'TestCannotSendNonKnockViaSendKnock',
      'TestCannotSendNonLeaveViaSendLeaveV1',
      'TestCannotSendNonLeaveViaSendLeaveV2',
      'TestComplementCanCreateValidV12Rooms',
      'TestContentMediaV1',
      'TestCorruptedAuthChain',
      'TestDeviceListsUpdateOverFederation',
      'TestDeviceListsUpdateOverFederationOnRoomJoin',
      'TestEventAuth',
      'TestFederatedClientSpaces',
      'TestFederationKeyUploadQuery',
      'TestFederationRedactSendsWithoutEvent',
      'TestFederationRejectInvite',
      'TestFederationRoomsInvite',
      'TestFederationThumbnail',
      'TestGetMissingEventsGapFilling',
      'TestInboundCanReturnMissingEvents',
      'TestInboundFederationKeys',
      'TestInboundFederationProfile',
      'TestInboundFederationRejectsEventsWithRejectedAuthEvents',
      'TestIsDirectFlagFederation',
      'TestJoinFederatedRoomFailOver',
      'TestJoinFederatedRoomFromApplicationServiceBridgeUser',
      'TestJoinFederatedRoomWithUnverifiableEvents',
      'TestJoinViaRoomIDAndServerName',
      'TestJumpToDateEndpoint',
      'TestKnockRestrictedRoomsLocalJoinNoCreatorsUsesPowerLevelsV11',
      'TestKnockRestrictedRoomsLocalJoinNoCreatorsUsesPowerLevelsV12',
      'TestKnocking',
      'TestKnockingInMSC3787Room',
      'TestMSC4289PrivilegedRoomCreators',
      'TestMSC4291RoomIDAsHashOfCreateEvent_AuthEventsOmitsCreateEvent',
      'TestMSC4297StateResolutionV2_1_includes_conflicted_subgraph',
      'TestMSC4297StateResolutionV2_1_starts_from_empty_set',
      'TestMSC4311FullCreateEventOnStrippedState',
      'TestNetworkPartitionOrdering',
      'TestOutboundFederationEventSizeGetMissingEvents',
      'TestOutboundFederationIgnoresMissingEventWithBadJSONForRoomVersion6',
      'TestOutboundFederationProfile',
      'TestOutboundFederationSend',
      'TestRemoteAliasRequestsUnderstandUnicode',
      'TestRemotePngThumbnail',
      'TestRemotePresence',
      'TestRemoteTyping',
      'TestRestrictedRoomsLocalJoinNoCreatorsUsesPowerLevelsV11',
      'TestRestrictedRoomsLocalJoinNoCreatorsUsesPowerLevelsV12',
      'TestRestrictedRoomsRemoteJoin',
      'TestRestrictedRoomsRemoteJoinFailOver',
      'TestRestrictedRoomsRemoteJoinFailOverInMSC3787Room',
      'TestRestrictedRoomsRemoteJoinInMSC3787Room',
      'TestRestrictedRoomsRemoteJoinLocalUser',
      'TestRestrictedRoomsRemoteJoinLocalUserInMSC3787Room',
      'TestRestrictedRoomsSpacesSummaryFederation',
      'TestSendJoinPartialStateResponse',
      'TestSyncOmitsStateChangeOnFilteredEvents',
      'TestToDeviceMessagesOverFederation',
      'TestUnbanViaInvite',
      'TestUnknownEndpoints/Key_endpoints',
      'TestUnknownEndpoints/Server-server_endpoints',
      'TestUnrejectRejectedEvents',
      'TestUserAppearsInChangedDeviceListOnJoinOverFederation',
    ],
  ],
]

/**
 * What tests of the suite need besides one server and the operations that it has, by name of the test
 * or of one above it. Named whether or not they pass: parts of some do.
 */
export const NEEDS: Readonly<Record<string, string>> = Object.fromEntries(
  NEEDED.flatMap(([what, tests]) => tests.map((test) => [test, what])),
)
