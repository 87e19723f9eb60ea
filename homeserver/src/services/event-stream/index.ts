export { createEventStream, type EventsPage } from './event-stream.ts'
