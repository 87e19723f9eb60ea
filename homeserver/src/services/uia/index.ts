export { createUia } from './uia.ts'
export type { Uia, UiaOutcome, UiaRequest } from './uia.ts'
export { dummyStage, type UiaFlow, type UiaStage } from './stage.ts'
export { passwordStage } from './password-stage.ts'
