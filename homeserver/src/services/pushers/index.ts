export { PushDelivery } from './delivery/push-delivery.ts'
export { createPushers } from './pushers.ts'
