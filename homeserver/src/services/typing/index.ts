export { createTyping } from './typing.ts'
export type { Typing, TypingPosition } from './typing.ts'
export { createLocalTypingBus } from './typing-bus.ts'
export type { TypingBus, TypingChange } from './typing-bus.ts'
