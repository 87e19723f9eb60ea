import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { UsageError } from './command.ts'

/**
 * A new password: from a file, typed twice without showing it, or piped to standard input.
 * @throws {UsageError} when it is empty or was not repeated
 */
export async function readNewPassword(file: string | undefined): Promise<string> {
  const password = await read(file)
  if (password === '') throw new UsageError('the password is empty')
  return password
}

async function read(file: string | undefined): Promise<string> {
  if (file !== undefined) return withoutNewline(readFileSync(file, 'utf8'))
  if (!process.stdin.isTTY) return withoutNewline(await text(process.stdin))
  const password = await ask('Password: ')
  if ((await ask('Repeat it: ')) !== password) throw new UsageError('the passwords differ')
  return password
}

const withoutNewline = (value: string) => value.replace(/\r?\n$/, '')

/** Reads a line from the terminal in raw mode, which does not echo. */
function ask(prompt: string): Promise<string> {
  const { stdin, stderr } = process
  stderr.write(prompt)
  stdin.setRawMode(true)
  stdin.setEncoding('utf8')
  return new Promise((resolve, reject) => {
    let line = ''
    const finish = (result: () => void) => {
      stdin.off('data', onData)
      stdin.setRawMode(false)
      stdin.pause()
      stderr.write('\n')
      result()
    }
    const onData = (chunk: string) => {
      for (const key of chunk) {
        if (key === '\r' || key === '\n') return finish(() => resolve(line))
        if (key === '\u0003') return finish(() => reject(new UsageError('interrupted')))
        line = key === '\u007f' || key === '\b' ? line.slice(0, -1) : line + key
      }
    }
    stdin.on('data', onData)
    stdin.resume()
  })
}
