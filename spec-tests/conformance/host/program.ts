import { serverProgram } from '../../../homeserver/bin/build-server.mjs'

/** What every "container" runs: `hearth` itself, which a suite can pause and kill without a launcher between. */
export const PROGRAM = serverProgram()
