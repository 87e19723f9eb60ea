export type { AnyEvent, ClientEvents, SerializeOptions, Viewer } from './types.ts'
