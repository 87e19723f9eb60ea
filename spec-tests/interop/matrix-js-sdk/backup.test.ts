import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { owedSince, walkMessages } from '../../faults/reader.ts'
import { hearthCommand } from '../../target/hearth-command.ts'
import { at, stringAt } from '../../target/json.ts'
import { HttpClient } from '../../target/matrix-client.ts'
import { freePort, startServer } from '../../target/server.ts'
import { testFolder } from '../../target/test-folder.ts'
import { register, type User } from '../../target/user.ts'
import { bodies, Device } from './device.ts'
import { until } from './until.ts'

const LOST = 8

// processes, recovery and a copy of many files on a busy machine
test(
  'a backup made under load is restored elsewhere, and clients of the lost tail go on',
  { timeout: 240_000 },
  async () => {
    const scratch = mkdtempSync(join(testFolder(), 'hearth-backup-'))
    await chmod(scratch, 0o711)
    const folder = (name: string) => join(scratch, name)
    const port = await freePort()
    const original = await startServer({ data: folder('original'), port })
    const http = new HttpClient(original.url)
    const writer = await register(http, 'writer')
    const reader = await register(http, 'reader')
    const person = await Device.newcomer(original.url, http, 'person')
    const roomId = await writer.createRoom({ preset: 'public_chat' })
    await reader.join(roomId)
    await person.client.joinRoom(roomId)
    const room = await person.room(roomId)

    const load = new Load(writer, reader, roomId)
    while (load.sent.length < 10) await load.step()
    const beforeBackup = load.sent.length
    const early = load.token
    const saving = hearth('backup', 'original', port, folder)
    const running = load.during(saving)
    expect(await saving).toMatch(/^Saved localhost:\d+ in .*backup/)
    await running
    const { position, server_name } = manifestOf(folder('backup'))
    expect(server_name).toBe(`localhost:${port}`)

    for (let i = 0; i < LOST; i++) await load.step()
    const late = load.token
    const all = load.sent.map(({ id }) => id)
    await until('the last lost message', () => bodies(room).includes(`load ${all.length - 1}`))
    await original.killAll()

    await hearth('restore', 'first', port, folder)
    const first = await startServer({ data: folder('first'), port })
    expect(first.url).toBe(original.url)
    expect(readFileSync(join(folder('first'), 'signing.key'), 'utf8')).toBe(
      readFileSync(join(folder('original'), 'signing.key'), 'utf8'),
    )

    const kept = (await walkMessages(writer, roomId)).toReversed()
    // exactly the beginning, and all that was there when the copy ended
    expect(kept).toEqual(all.slice(0, kept.length))
    expect(kept.length).toBeGreaterThanOrEqual(beforeBackup)
    expect(kept.length).toBeGreaterThanOrEqual(
      load.sent.filter(({ pos }) => pos <= position).length,
    )
    expect(kept.length).toBeLessThanOrEqual(all.length - LOST)

    // as many new events as were lost, and more: the new positions pass the lost ones
    const added: string[] = []
    for (let i = 0; i < all.length - kept.length + LOST; i++) {
      added.push(await writer.sendText(roomId, `new ${i}`))
    }
    const atFirst = await reader.sync({ timeout: '0' })
    expect(positionOf(stringAt(atFirst, 'next_batch'))).toBeGreaterThan(positionOf(late))

    const known = all.indexOf(load.sent.find(({ token }) => token === early)?.id ?? '') + 1
    expect(await owedSince(reader, roomId, early)).toEqual([...kept.slice(known), ...added])
    const full = await reader.sync({ since: late, timeout: '0' })
    const state = at(full, 'rooms', 'join', roomId, 'state', 'events')
    expect(JSON.stringify(state)).toContain('m.room.create')
    expect(JSON.stringify(full)).toContain(added.at(-1))
    expect(await walkMessages(reader, roomId)).toEqual([...kept, ...added].toReversed())
    expect(await owedSince(reader, roomId, stringAt(full, 'next_batch'))).toEqual([])

    // a client that ran all the time, with the token of a lost position
    person.client.retryImmediately()
    await until('the newest message', () => bodies(room).includes(`new ${added.length - 1}`))
    const again = await writer.sendText(roomId, 'again')
    await until('the next one', () => bodies(room).at(-1) === 'again')
    await person.client.sendTextMessage(roomId, 'and mine')
    await until('its own', () => bodies(room).at(-1) === 'and mine')
    expect(await walkMessages(writer, roomId)).toContain(again)
    const afterFirst = stringAt(await reader.sync({ timeout: '0' }), 'next_batch')
    person.client.stopClient()
    expect(await first.stop()).toBe(0)

    // the same backup again: what the first restore gave out means nothing to the second
    await hearth('restore', 'second', port, folder)
    await using second = await startServer({ data: folder('second'), port })
    const other = await writer.sendText(roomId, 'other')
    const fullAgain = await reader.sync({ since: afterFirst, timeout: '0' })
    expect(JSON.stringify(fullAgain)).toContain('m.room.create')
    expect(JSON.stringify(fullAgain)).toContain(other)
    http.close()
    await second.stop()
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 })
  },
)

function hearth(
  command: 'backup' | 'restore',
  data: string,
  port: number,
  folder: (name: string) => string,
): Promise<string> {
  const config =
    command === 'backup'
      ? join(folder('original'), 'test-mode.yaml')
      : join(folder('backup'), 'homeserver.yaml')
  return hearthCommand([command, folder('backup'), '--config', config, '--data', folder(data)], {
    HEARTH_UNSAFE_TEST_MODE: `localhost:${port}`,
  })
}

const positionOf = (token: string) => Number(/^s\d+_(\d+)/.exec(token)?.[1])

function manifestOf(folder: string): { position: number; server_name: string } {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
  return {
    position: Number(at(manifest, 'position', 'pos')),
    server_name: stringAt(manifest, 'server_name'),
  }
}

/** Messages one after the other, and a token of another user behind each. */
class Load {
  readonly sent: { readonly id: string; readonly token: string; readonly pos: number }[] = []
  readonly #writer: User
  readonly #reader: User
  readonly #roomId: string
  token = ''

  constructor(writer: User, reader: User, roomId: string) {
    this.#writer = writer
    this.#reader = reader
    this.#roomId = roomId
  }

  async step(): Promise<void> {
    const id = await this.#writer.sendText(this.#roomId, `load ${this.sent.length}`)
    const query = this.token === '' ? {} : { since: this.token }
    this.token = stringAt(await this.#reader.sync({ timeout: '0', ...query }), 'next_batch')
    this.sent.push({ id, token: this.token, pos: positionOf(this.token) })
  }

  /** Goes on until something else has ended. */
  async during(work: Promise<unknown>): Promise<void> {
    let goesOn = true
    const end = () => {
      goesOn = false
    }
    void work.then(end, end)
    while (goesOn) await this.step()
  }
}
