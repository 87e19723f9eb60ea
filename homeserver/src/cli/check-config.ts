import { existsSync, writeFileSync } from 'node:fs'
import { configExample } from '#config/write-example.ts'
import { configReference } from '#config/write-reference.ts'
import { COMMON_OPTIONS, UsageError, type Command } from './command.ts'
import { readSettings } from './settings.ts'

export const checkConfig: Command = {
  name: 'check-config',
  summary: 'Checks the configuration and names the line of each mistake',
  options: {
    config: COMMON_OPTIONS.config,
    'write-docs': { describe: 'for developers: write homeserver.yaml.example and docs/config.md' },
  },
  run(args) {
    if (args.has('write-docs')) {
      write('homeserver.yaml.example', configExample())
      write('docs/config.md', configReference())
      return Promise.resolve(0)
    }
    const { config } = readSettings(args)
    console.log(`The configuration of ${config.server_name} is in order.`)
    return Promise.resolve(0)
  },
}

/** @throws {UsageError} elsewhere than in the repository's root */
function write(path: string, text: string): void {
  if (!existsSync(path))
    throw new UsageError(`${path} is missing: run this where the repository lies.`)
  writeFileSync(path, text)
  console.log(`wrote ${path}`)
}
