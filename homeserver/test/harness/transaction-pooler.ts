import { createServer, type Socket } from 'node:net'
import pg from 'pg'

/** Authentication ok, a made-up process to cancel, ready. */
const WELCOME = Buffer.from(
  '520000000800000000' + '4b0000000c0000000100000001' + '5a0000000549',
  'hex',
)
const READY = 'Z'
const TERMINATE = 'X'

/**
 * The least pooler in transaction mode: any number of clients share one server connection, which is
 * lent for one transaction at a time.
 */
export async function startTransactionPooler(url: string) {
  const upstream = new pg.Client({ connectionString: url })
  // it does not expect its connection to be taken away and ended
  upstream.on('error', () => undefined)
  await upstream.connect()
  // pg has authenticated; from here on its socket is ours
  const connection: unknown = Reflect.get(upstream, 'connection')
  const server = Reflect.get(connection as object, 'stream') as Socket
  server.removeAllListeners('data')
  const waiting: { readonly client: Socket; readonly data: Buffer }[] = []
  let holder: Socket | undefined
  const lend = () => {
    for (;;) {
      const next = waiting.findIndex(({ client }) => holder === undefined || client === holder)
      const [turn] = next < 0 ? [] : waiting.splice(next, 1)
      if (turn === undefined) return
      holder = turn.client
      server.write(turn.data)
    }
  }
  let rest = Buffer.alloc(0)
  server.on('data', (data: Buffer) => {
    const current = holder
    rest = Buffer.concat([rest, data])
    let idle = false
    while (rest.length >= 5 && rest.length > rest.readUInt32BE(1)) {
      const length = rest.readUInt32BE(1) + 1
      const message = rest.subarray(0, length)
      rest = rest.subarray(length)
      current?.write(message)
      idle = message.toString('latin1', 0, 1) === READY && message.toString('latin1', 5) === 'I'
    }
    if (!idle) return
    holder = undefined
    lend()
  })
  const sockets = new Set<Socket>()
  const listener = createServer((client) => {
    sockets.add(client)
    client.on('error', () => undefined)
    client.once('data', () => {
      client.write(WELCOME)
      client.on('data', (data: Buffer) => {
        if (data.toString('latin1', 0, 1) === TERMINATE) return void client.end()
        waiting.push({ client, data })
        lend()
      })
    })
  })
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done))
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const pooled = new URL(url)
  pooled.host = `127.0.0.1:${address.port}`
  return {
    url: pooled.href,
    [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      listener.close()
      server.destroy()
      return Promise.resolve()
    },
  }
}
