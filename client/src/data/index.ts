// The interfaces of the data layer: all that view models may know of it.
export type { Account, Connection, ConnectionStatus, Profile } from './model/account.ts'
export type { Authenticator, Credentials, RegistrationMode, SessionStore } from './model/auth.ts'
export type { Conversation, ConversationTopic, Permissions } from './model/conversation.ts'
export type { Member, Person } from './model/people.ts'
export type { RegistrationLinks, RegistrationToken } from './model/registration-links.ts'
export type { NewRoom, RoomList, RoomSummary } from './model/rooms.ts'
export type { MessageEvent, StateChange, Timeline, TimelineEvent } from './model/timeline.ts'
