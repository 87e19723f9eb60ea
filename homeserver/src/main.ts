import { runCli } from './cli/run.ts'

process.exitCode = await runCli(process.argv.slice(2))
// The launcher's channel would keep a finished command alive
if (process.connected) process.disconnect()
