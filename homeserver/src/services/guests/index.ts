export { createGuests } from './guests.ts'
