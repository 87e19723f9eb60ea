#!/usr/bin/env node
import { runHearth } from './runtime.mjs'

try {
  runHearth(process.argv.slice(2))
} catch (error) {
  console.error(`hearth: ${error.message}`)
  process.exitCode = 1
}
