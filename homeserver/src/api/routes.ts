import type { Endpoint } from '#http/endpoint.ts'
import { createRegistrationToken } from './admin/create-registration-token.ts'
import { deleteRegistrationToken } from './admin/delete-registration-token.ts'
import { getRegisterNonce } from './admin/get-register-nonce.ts'
import { getRegistrationToken } from './admin/get-registration-token.ts'
import { listReports } from './admin/list-reports.ts'
import { listRegistrationTokens } from './admin/list-registration-tokens.ts'
import { registerBySharedSecret } from './admin/register-by-shared-secret.ts'
import { updateRegistrationToken } from './admin/update-registration-token.ts'
import { checkUsernameAvailability } from './client/account-registration/check-username-availability.ts'
import { register } from './client/account-registration/register.ts'
import { registrationTokenValidity } from './client/account-registration/registration-token-validity.ts'
import { getCapabilities } from './client/capabilities-negotiation/get-capabilities.ts'
import { changePassword } from './client/account-management/change-password.ts'
import { deactivateAccount } from './client/account-management/deactivate-account.ts'
import { getTokenOwner } from './client/current-account-information/get-token-owner.ts'
import { defineFilter } from './client/filtering/define-filter.ts'
import { getFilter } from './client/filtering/get-filter.ts'
import { generateLoginToken } from './client/login/generate-login-token.ts'
import { getLoginFlows } from './client/login/get-login-flows.ts'
import { getLoginPage } from './client/login/get-login-page.ts'
import { login } from './client/login/login.ts'
import { logoutAll } from './client/login/logout-all.ts'
import { logout } from './client/login/logout.ts'
import { deleteDevice } from './client/device-management/delete-device.ts'
import { deleteDevices } from './client/device-management/delete-devices.ts'
import { getDevice } from './client/device-management/get-device.ts'
import { getDevices } from './client/device-management/get-devices.ts'
import { updateDevice } from './client/device-management/update-device.ts'
import { requestOpenIdToken } from './client/openid/request-open-id-token.ts'
import { refresh } from './client/refreshing-access-tokens/refresh.ts'
import { completeStage } from './client/user-interactive-authentication/complete-stage.ts'
import { getFallbackPage } from './client/user-interactive-authentication/get-fallback-page.ts'
import { exchangeOpenIdToken } from './federation/openid/exchange-open-id-token.ts'
import { deleteProfileField } from './client/profiles/delete-profile-field.ts'
import { getProfileField } from './client/profiles/get-profile-field.ts'
import { getUserProfile } from './client/profiles/get-user-profile.ts'
import { setProfileField } from './client/profiles/set-profile-field.ts'
import { getVersions } from './client/server-discovery/get-versions.ts'
import { getWellknown } from './well-known/get-wellknown.ts'
import { getWellknownSupport } from './well-known/get-wellknown-support.ts'
import { getEventContext } from './client/event-context/get-event-context.ts'
import { getRelatingEventsWithRelTypeAndEventType } from './client/event-relationships/get-relating-events-with-rel-type-and-event-type.ts'
import { getRelatingEventsWithRelType } from './client/event-relationships/get-relating-events-with-rel-type.ts'
import { getRelatingEvents } from './client/event-relationships/get-relating-events.ts'
import { getEventByTimestamp } from './client/getting-events/get-event-by-timestamp.ts'
import { getEvents } from './client/getting-events/get-events.ts'
import { getOneEvent } from './client/getting-events/get-one-event.ts'
import { initialSync } from './client/getting-events/initial-sync.ts'
import { roomInitialSync } from './client/getting-events/room-initial-sync.ts'
import { getThreadRoots } from './client/threads/get-thread-roots.ts'
import { getJoinedMembersByRoom } from './client/getting-events/get-joined-members-by-room.ts'
import { getMembersByRoom } from './client/getting-events/get-members-by-room.ts'
import { getOneRoomEvent } from './client/getting-events/get-one-room-event.ts'
import { getRoomEvents } from './client/getting-events/get-room-events.ts'
import { getRoomStateWithKey } from './client/getting-events/get-room-state-with-key.ts'
import { getRoomState } from './client/getting-events/get-room-state.ts'
import { redactEvent } from './client/redactions/redact-event.ts'
import { createRoom } from './client/room-creation/create-room.ts'
import { deleteRoomAlias } from './client/room-directory/delete-room-alias.ts'
import { getLocalAliases } from './client/room-directory/get-local-aliases.ts'
import { getRoomIdByAlias } from './client/room-directory/get-room-id-by-alias.ts'
import { setRoomAlias } from './client/room-directory/set-room-alias.ts'
import { getPublicRooms } from './client/room-discovery/get-public-rooms.ts'
import { getRoomVisibilityOnDirectory } from './client/room-discovery/get-room-visibility-on-directory.ts'
import { queryPublicRooms } from './client/room-discovery/query-public-rooms.ts'
import { setRoomVisibilityOnDirectory } from './client/room-discovery/set-room-visibility-on-directory.ts'
import { getMutualRoomsUnstable } from './msc/2666-mutual-rooms/get-mutual-rooms-unstable.ts'
import { getMutualRooms } from './client/mutual-rooms/get-mutual-rooms.ts'
import { searchUserDirectory } from './client/user-directory/search-user-directory.ts'
import { getRoomSummary } from './client/room-discovery/get-room-summary.ts'
import { ban } from './client/room-membership/ban.ts'
import { forgetRoom } from './client/room-membership/forget-room.ts'
import { getJoinedRooms } from './client/room-membership/get-joined-rooms.ts'
import { inviteUser } from './client/room-membership/invite-user.ts'
import { joinRoomById } from './client/room-membership/join-room-by-id.ts'
import { joinRoom } from './client/room-membership/join-room.ts'
import { kick } from './client/room-membership/kick.ts'
import { knockRoom } from './client/room-membership/knock-room.ts'
import { leaveRoom } from './client/room-membership/leave-room.ts'
import { upgradeRoom } from './client/room-upgrades/upgrade-room.ts'
import { unban } from './client/room-membership/unban.ts'
import { sendMessage } from './client/sending-events/send-message.ts'
import { setRoomStateWithKey } from './client/sending-events/set-room-state-with-key.ts'
import { sendToDevice } from './client/send-to-device/send-to-device.ts'
import { search } from './client/server-side-search/search.ts'
import { getSpaceHierarchy } from './client/spaces/get-space-hierarchy.ts'
import { sync } from './client/syncing/sync.ts'
import { setTyping } from './client/typing/set-typing.ts'
import { postReceipt } from './client/receipts/post-receipt.ts'
import { setReadMarker } from './client/read-markers/set-read-marker.ts'
import { getPushRules } from './client/push-notifications/get-push-rules.ts'
import { getPushRulesGlobal } from './client/push-notifications/get-push-rules-global.ts'
import { getPushRule } from './client/push-notifications/get-push-rule.ts'
import { isPushRuleEnabled } from './client/push-notifications/is-push-rule-enabled.ts'
import { getPushRuleActions } from './client/push-notifications/get-push-rule-actions.ts'
import { getNotifications } from './client/push-notifications/get-notifications.ts'
import { getPushers } from './client/push-notifications/get-pushers.ts'
import { postPusher } from './client/push-notifications/post-pusher.ts'
import { deletePushRule } from './client/push-notifications/delete-push-rule.ts'
import { setPushRuleActions } from './client/push-notifications/set-push-rule-actions.ts'
import { setPushRuleEnabled } from './client/push-notifications/set-push-rule-enabled.ts'
import { setPushRule } from './client/push-notifications/set-push-rule.ts'
import { getAccountData } from './client/user-data/get-account-data.ts'
import { setAccountData } from './client/user-data/set-account-data.ts'
import { getAccountDataPerRoom } from './client/user-data/get-account-data-per-room.ts'
import { setAccountDataPerRoom } from './client/user-data/set-account-data-per-room.ts'
import { deleteRoomTag } from './client/user-data/delete-room-tag.ts'
import { getRoomTags } from './client/user-data/get-room-tags.ts'
import { setRoomTag } from './client/user-data/set-room-tag.ts'
import { getPresence } from './client/presence/get-presence.ts'
import { setPresence } from './client/presence/set-presence.ts'
import { reportEvent } from './client/reporting-content/report-event.ts'
import { reportRoom } from './client/reporting-content/report-room.ts'
import { reportUser } from './client/reporting-content/report-user.ts'
import { getAdminLockUser } from './client/server-administration/get-admin-lock-user.ts'
import { getAdminSuspendUser } from './client/server-administration/get-admin-suspend-user.ts'
import { getWhoIs } from './client/server-administration/get-who-is.ts'
import { setAdminLockUser } from './client/server-administration/set-admin-lock-user.ts'
import { setAdminSuspendUser } from './client/server-administration/set-admin-suspend-user.ts'

import {
  getRoomSummaryDraft,
  getRoomSummaryUnstable,
} from './msc/3266-room-summary/get-room-summary-unstable.ts'

/** Every endpoint of the server. What is not in here does not exist and answers `M_UNRECOGNIZED`. */
export const routes: readonly Endpoint[] = [
  // accounts, sessions, profiles, filters, capabilities, administration
  createRegistrationToken,
  deleteRegistrationToken,
  getRegisterNonce,
  getRegistrationToken,
  listRegistrationTokens,
  registerBySharedSecret,
  updateRegistrationToken,
  checkUsernameAvailability,
  register,
  registrationTokenValidity,
  getCapabilities,
  getTokenOwner,
  defineFilter,
  getFilter,
  generateLoginToken,
  getLoginFlows,
  login,
  logoutAll,
  logout,
  getLoginPage,
  getFallbackPage,
  completeStage,
  refresh,
  getDevices,
  getDevice,
  updateDevice,
  deleteDevice,
  deleteDevices,
  changePassword,
  deactivateAccount,
  requestOpenIdToken,
  exchangeOpenIdToken,
  deleteProfileField,
  getProfileField,
  getUserProfile,
  setProfileField,
  getVersions,
  getWellknown,
  getWellknownSupport,
  // rooms
  createRoom,
  joinRoom,
  joinRoomById,
  inviteUser,
  leaveRoom,
  knockRoom,
  kick,
  ban,
  unban,
  forgetRoom,
  upgradeRoom,
  getRoomSummary,
  getRoomSummaryUnstable,
  getRoomSummaryDraft,
  getSpaceHierarchy,
  getJoinedRooms,
  sendMessage,
  setRoomStateWithKey,
  redactEvent,
  getRoomEvents,
  getOneRoomEvent,
  getEventContext,
  getRelatingEvents,
  getRelatingEventsWithRelType,
  getRelatingEventsWithRelTypeAndEventType,
  getThreadRoots,
  getEventByTimestamp,
  getEvents,
  getOneEvent,
  initialSync,
  roomInitialSync,
  getRoomState,
  getRoomStateWithKey,
  getMembersByRoom,
  getJoinedMembersByRoom,
  // directories
  setRoomAlias,
  deleteRoomAlias,
  getRoomIdByAlias,
  getLocalAliases,
  getRoomVisibilityOnDirectory,
  setRoomVisibilityOnDirectory,
  getPublicRooms,
  queryPublicRooms,
  searchUserDirectory,
  getMutualRooms,
  getMutualRoomsUnstable,
  // sync, messages to devices, receipts, typing, push rules, account data
  sync,
  sendToDevice,
  setTyping,
  postReceipt,
  setReadMarker,
  getPushRules,
  getPushRulesGlobal,
  getPushRule,
  isPushRuleEnabled,
  getPushRuleActions,
  setPushRule,
  deletePushRule,
  setPushRuleEnabled,
  setPushRuleActions,
  getPushers,
  getNotifications,
  postPusher,
  getAccountData,
  setAccountData,
  getAccountDataPerRoom,
  setAccountDataPerRoom,
  getRoomTags,
  setRoomTag,
  deleteRoomTag,
  search,
  // presence
  getPresence,
  setPresence,
  // moderation
  listReports,
  getAdminLockUser,
  setAdminLockUser,
  getAdminSuspendUser,
  setAdminSuspendUser,
  getWhoIs,
  reportRoom,
  reportEvent,
  reportUser,
]
