export { createAccess, type Access, type RoomAccess } from './access.ts'
export { createVisibility, type Visibility } from './visibility.ts'
export { participation } from './membership-history.ts'
