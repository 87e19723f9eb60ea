/**
 * Who may import whom in `homeserver/src`. One row a folder; what a row does not name is forbidden.
 * `x`: allowed. `types`: `import type` only. The same table is in CONTRIBUTING.md's terms "Layers".
 */
export const LAYERS = {
  matrix: {},
  config: { matrix: 'x' },
  platform: { matrix: 'x', config: 'types' },
  policies: { matrix: 'x', platform: 'x', config: 'types' },
  db: { matrix: 'x', platform: 'x', config: 'types' },
  log: { matrix: 'x', platform: 'x', db: 'x', config: 'types' },
  backup: { matrix: 'x', platform: 'x', db: 'x', config: 'types' },
  'room-state': { matrix: 'x', platform: 'x', db: 'x', log: 'x', config: 'types' },
  jobs: { matrix: 'x', platform: 'x', db: 'x', config: 'types' },
  services: {
    matrix: 'x',
    platform: 'x',
    db: 'x',
    log: 'x',
    'room-state': 'x',
    jobs: 'x',
    policies: 'x',
    config: 'types',
  },
  http: {
    matrix: 'x',
    platform: 'x',
    policies: 'x',
    services: 'types',
    log: 'types',
    config: 'types',
    context: 'types',
  },
  web: {
    matrix: 'x',
    platform: 'x',
    policies: 'x',
    services: 'types',
    http: 'x',
    config: 'types',
    context: 'types',
  },
  api: {
    matrix: 'x',
    policies: 'x',
    services: 'x',
    http: 'x',
    log: 'types',
    'room-state': 'types',
    config: 'types',
    context: 'types',
  },
}

/** Every folder that a row can forbid. */
export const FOLDERS = Object.keys(LAYERS)

/** Folders where the process's own clock, randomness, network and console may be used. */
export const EFFECT_FOLDERS = ['platform', 'config', 'cli']

/** Globals that only {@link EFFECT_FOLDERS} and main.ts may name; elsewhere effects are handed in. */
export const EFFECT_GLOBALS = ['Date', 'fetch', 'console', 'process', 'crypto', 'performance']

/** Random functions of node:crypto, which bypass the handed-in generator. */
export const RANDOM_FUNCTIONS = [
  'randomUUID',
  'randomBytes',
  'randomInt',
  'randomFill',
  'randomFillSync',
  'getRandomValues',
  'webcrypto',
]
