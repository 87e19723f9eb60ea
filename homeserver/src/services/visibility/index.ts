export { createAccess, type Access, type AccessDeps, type RoomAccess } from './access.ts'
export { createVisibility, type Visibility, type VisibilityDeps } from './visibility.ts'
