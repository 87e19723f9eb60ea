// The program of one worker process, started by `hearth serve` when there is to be more than one.
import { runWorker } from './serve-worker.ts'

process.exitCode = await runWorker(process.argv.slice(2))
if (process.connected) process.disconnect()
