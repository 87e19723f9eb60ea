import { systemRng } from '#platform/rng.ts'
import { newSigningKey, writeSecretFile } from '#platform/signing-key-file.ts'
import type { Command } from './command.ts'

export const generateSigningKey: Command = {
  name: 'generate-signing-key',
  summary: 'Makes a signing key',
  details:
    'The key proves to other servers that events come from this one. The server makes one by\n' +
    'itself at the first start; use this to prepare it elsewhere. Keep it secret and backed up.',
  options: {
    output: { value: 'FILE', describe: 'write it there, never over a file (default: print it)' },
  },
  async run(args) {
    const key = newSigningKey(systemRng)
    const file = args.text('output')
    if (file === undefined) process.stdout.write(key)
    else await writeSecretFile(file, key)
    return 0
  },
}
