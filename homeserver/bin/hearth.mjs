#!/usr/bin/env node
import { serverProgram } from './build-server.mjs'
import { runHearth } from './runtime.mjs'

try {
  runHearth(serverProgram(), process.argv.slice(2))
} catch (error) {
  console.error(`hearth: ${error.message}`)
  process.exitCode = 1
}
