export { createEventStream } from './event-stream.ts'
