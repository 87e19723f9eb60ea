export { createTimeline } from './timeline.ts'
export type {
  JoinedMember,
  MembersQuery,
  MessagesQuery,
  Timeline,
  TimelineDeps,
} from './timeline.ts'
export type { MessagesPage } from './messages.ts'
export type { AnyEvent, ClientEvents, SerializeOptions, Viewer } from './types.ts'
