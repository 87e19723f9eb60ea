export { createRelations, type RelatingPage, type RelatingRequest } from './relations.ts'
