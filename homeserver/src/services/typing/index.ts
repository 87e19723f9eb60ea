export { createTyping } from './typing.ts'
export type { Sees, Typing, TypingPosition } from './typing.ts'
export { createSharedTypingBus } from './shared-typing-bus.ts'
