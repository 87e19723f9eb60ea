export { createPushRules } from './push-rules.ts'
export type { PushRules } from './push-rules.ts'
export { createUnreadCounts } from './unread-counts.ts'
export type { RoomUnread, UnreadCounts } from './unread-counts.ts'
