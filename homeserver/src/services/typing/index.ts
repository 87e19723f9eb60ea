export { createTyping } from './typing.ts'
export type { Typing, TypingPosition } from './typing.ts'
export { createLocalTypingBus } from './typing-bus.ts'
