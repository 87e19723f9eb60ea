export { createOpenId } from './openid.ts'
