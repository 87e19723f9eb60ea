import type { Endpoint } from './endpoint.ts'

const VERSIONED = /^(\/_matrix\/(?:client|media)\/)(v\d+)(\/.*)$/

/**
 * All paths that serve an endpoint: its own and those with older prefixes. Unless the endpoint
 * says otherwise, a `v3` path is also `r0` and `unstable`, as SDKs still use both.
 */
export function servedPaths(endpoint: Pick<Endpoint, 'path' | 'legacy'>): readonly string[] {
  const [, head, version, rest] = VERSIONED.exec(endpoint.path) ?? []
  if (head === undefined || version === undefined || rest === undefined) return [endpoint.path]
  const legacy = endpoint.legacy ?? (version === 'v3' ? ['r0', 'unstable'] : [])
  return [endpoint.path, ...legacy.map((older) => `${head}${older}${rest}`)]
}
