import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const policy = JSON.parse(readFileSync(new URL('csp.json', import.meta.url), 'utf8')) as {
  readonly policy: readonly string[]
}

/** The homeserver a `vite` dev or preview server passes Matrix requests on to. */
const target = process.env['HEARTH_URL'] ?? 'http://127.0.0.1:8008'
const proxy = Object.fromEntries(
  ['/_matrix', '/_synapse', '/.well-known'].map((path) => [path, { target, changeOrigin: true }]),
)

/**
 * Production responses carry the policy of csp.json. The dev server cannot: it injects inline
 * styles and scripts for hot reload, so only what it serves leaves the policy out.
 */
const headers = { 'Content-Security-Policy': policy.policy.join('; ') }

/**
 * Keeps end-to-end encryption's WebAssembly out of the bundle. The SDK loads it on demand, and
 * nothing here demands it: a stray call must fail loudly instead of downloading two megabytes.
 */
function withoutCrypto(): Plugin {
  const stub = '\0hearth:no-crypto'
  return {
    name: 'hearth-without-crypto',
    enforce: 'pre',
    resolveId(source) {
      const isCrypto =
        source === '@matrix-org/matrix-sdk-crypto-wasm' || source.endsWith('/rust-crypto/index.js')
      return isCrypto ? stub : undefined
    },
    load(id) {
      if (id !== stub) return undefined
      return "throw new Error('This build of Hearth has no encryption.')"
    },
  }
}

// A build that is started from within a test run must not take the development copies of libraries.
if (process.argv.includes('build')) process.env['NODE_ENV'] = 'production'

export default defineConfig({
  plugins: [withoutCrypto()],
  resolve: { dedupe: ['lit', 'lit-html', 'lit-element', '@lit/reactive-element'] },
  build: {
    target: 'es2023',
    // The oldest engines with `light-dark()`, on which both colour schemes rest.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    sourcemap: false,
    chunkSizeWarningLimit: 1200,
  },
  server: { proxy },
  preview: { proxy, headers },
  test: {
    include: ['src/**/*.node.test.ts', 'test/**/*.node.test.ts'],
    testTimeout: 30_000,
    environment: 'node',
  },
})
