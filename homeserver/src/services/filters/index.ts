export { hasUrl, listTest, typeTest } from './conditions.ts'
export { createFilters } from './filters.ts'
export {
  filterSchema,
  roomEventFilterSchema,
  type EventFilter,
  type Filter,
  type RoomEventFilter,
} from './schema.ts'
