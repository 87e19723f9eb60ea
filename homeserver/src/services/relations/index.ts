export { createRelations, type RelatingPage, type RelatingRequest } from './relations.ts'
export type { ThreadsPage } from './thread-roots.ts'
