export { contentJson } from './content.ts'
export { createTimeline } from './timeline.ts'
export type { MessagesPage } from './messages.ts'
export type { AnyEvent, ClientEvents, Viewer } from './types.ts'
