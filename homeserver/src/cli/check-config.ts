import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { configExample } from '#config/write-example.ts'
import { configReference } from '#config/write-reference.ts'
import { COMMON_OPTIONS, type Command } from './command.ts'
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

function write(path: string, text: string): void {
  writeFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), text)
  console.log(`wrote ${path}`)
}
