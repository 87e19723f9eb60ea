import { join } from 'node:path'
import type { Middleware, ParameterizedContext } from 'koa'
import { readFileTable, type WebFile } from './file-table.ts'
import { readSecurityHeaders } from './security-headers.ts'

const NOT_BUILT = 'The web client is not built. Run: npm run build -w client\n'

/**
 * Serves the built web client at `/`; everything is read once, here.
 * @param folder the client's workspace, with `csp.json` and, once built, `dist/`
 */
export async function webClient(folder: string): Promise<Middleware> {
  const files = await readFileTable(join(folder, 'dist'))
  const headers = files.size > 0 ? await readSecurityHeaders(join(folder, 'csp.json')) : {}
  return (koa, next) => {
    if (koa.method !== 'GET' && koa.method !== 'HEAD') return next()
    const file = files.get(koa.path === '/' ? '/index.html' : koa.path)
    if (file !== undefined) return send(koa, file, headers)
    if (koa.path !== '/') return next()
    koa.respond = false
    koa.res.writeHead(503, { 'Content-Type': 'text/plain; charset=utf-8' }).end(NOT_BUILT)
    return Promise.resolve()
  }
}

function send(
  koa: ParameterizedContext,
  file: WebFile,
  security: Readonly<Record<string, string>>,
): Promise<void> {
  koa.respond = false
  const headers = {
    ...security,
    ETag: file.etag,
    'Cache-Control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  }
  if (hasTag(koa.req.headers['if-none-match'], file.etag)) {
    koa.res.writeHead(304, headers).end()
  } else {
    const about = { 'Content-Type': file.type, 'Content-Length': file.body.length }
    koa.res.writeHead(200, { ...headers, ...about }).end(file.body)
  }
  return Promise.resolve()
}

function hasTag(header: string | undefined, etag: string): boolean {
  return header?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag) === true
}
