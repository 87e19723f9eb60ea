export { createUia, Uia } from './uia.ts'
export type { UiaDeps, UiaOutcome, UiaRequest } from './uia.ts'
export { dummyStage, type UiaFlow, type UiaStage } from './stage.ts'
export { passwordStage } from './password-stage.ts'
