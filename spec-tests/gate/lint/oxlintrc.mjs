import { EFFECT_FOLDERS, EFFECT_GLOBALS, FOLDERS, LAYERS, RANDOM_FUNCTIONS } from './layers.mjs'

const TESTS = ['**/*.test.ts', 'homeserver/test/**', '**/test-support/**']
/** May call JSON.parse: what wraps it for everybody else, and what reads our own files. */
const PARSERS = [
  'homeserver/src/matrix/events/parse-json.ts',
  'homeserver/src/matrix/events/escaped-keys.ts',
  'homeserver/src/db/embedded/**',
]

const WHY = {
  date: 'Take the clock from the context.',
  random: 'Take the random generator from the context.',
  parse: 'Use #matrix/events/parse-json.ts: JSON.parse of this Node mixes up escaped keys.',
}

/** Patterns that name a folder of homeserver/src: by relative path and by alias. */
function patternsOf(folder) {
  return [`**/${folder}/*`, `**/${folder}/**`, `#${folder}/*`, `#${folder}/**`]
}

function folderRule(from) {
  const row = LAYERS[from]
  const forbidden = FOLDERS.filter((to) => to !== from && row[to] !== 'x').map((to) => ({
    group: patternsOf(to),
    message: `${from}/ may not import ${to}/ (layers in spec-tests/gate/lint/layers.mjs).`,
    ...(row[to] === 'types' && { allowTypeImports: true }),
  }))
  const patterns = [
    ...forbidden,
    {
      group: ['#context', '**/context.ts'],
      message: 'Only the composition root knows the context.',
      ...(row.context === 'types' && { allowTypeImports: true }),
    },
    {
      group: ['**/cli/*', '**/cli/**', '**/main.ts'],
      message: 'Commands are the outermost layer.',
    },
  ]
  if (from === 'services' || from === 'api') {
    patterns.push({
      group: ['#services/*/*', '!#services/*/index.ts', '../**/store.ts'],
      message: 'Another service is reached by its index.ts, never by its store.',
    })
  }
  if (from === 'matrix') {
    patterns.push({
      regex: '^(@|[a-mo-y]|n[^o]|z[^o]|zo[^d]|zod.)',
      message: 'The protocol core uses Node modules and zod only.',
    })
  }
  return {
    paths: EFFECT_FOLDERS.includes(from)
      ? []
      : [{ name: 'node:crypto', importNames: RANDOM_FUNCTIONS, message: WHY.random }],
    patterns,
  }
}

function folderOverride(from) {
  return {
    files: [`homeserver/src/${from}/**/*.ts`],
    excludeFiles: TESTS,
    rules: {
      'no-restricted-imports': ['error', folderRule(from)],
      ...(EFFECT_FOLDERS.includes(from)
        ? {}
        : {
            'no-restricted-globals': [
              'error',
              ...EFFECT_GLOBALS.map((name) => ({
                name,
                message: 'Effects come from the context.',
              })),
            ],
            'no-restricted-properties': [
              'error',
              { object: 'Math', property: 'random', message: WHY.random },
              { object: 'JSON', property: 'parse', message: WHY.parse },
            ],
          }),
    },
  }
}

/** The whole lint configuration; `.oxlintrc.json` is its generated copy. */
export function oxlintrc() {
  return {
    $schema: './node_modules/oxlint/configuration_schema.json',
    plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import'],
    categories: { correctness: 'error' },
    env: { es2024: true, node: true },
    ignorePatterns: ['**/dist/**', '**/*.gen.ts', 'client/eslint.config.js'],
    rules: {
      'import/no-cycle': 'error',
      'import/no-default-export': 'error',
      'typescript/no-explicit-any': 'error',
      'typescript/ban-ts-comment': 'error',
      'typescript/no-floating-promises': 'error',
      'typescript/no-misused-promises': ['error', { checksVoidReturn: false }],
      'typescript/no-unsafe-assignment': 'error',
      'typescript/no-unsafe-call': 'error',
      'typescript/no-unsafe-member-access': 'error',
      'typescript/no-unsafe-return': 'error',
      'typescript/no-unsafe-argument': 'error',
      'typescript/only-throw-error': 'error',
      'typescript/consistent-type-imports': 'error',
      'typescript/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // texts are spread into code points on purpose
      'typescript/no-misused-spread': 'off',
      'no-empty': 'error',
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
    },
    overrides: [
      ...FOLDERS.map(folderOverride),
      { files: PARSERS, rules: { 'no-restricted-properties': 'off' } },
      {
        files: ['**/*.config.ts', '**/*.config.js', 'client/electron-builder.ts'],
        rules: { 'import/no-default-export': 'off' },
      },
      {
        files: ['**/*.mjs', '**/*.test.ts'],
        rules: {
          'typescript/no-unsafe-assignment': 'off',
          'typescript/no-unsafe-call': 'off',
          'typescript/no-unsafe-member-access': 'off',
          'typescript/no-unsafe-return': 'off',
          'typescript/no-unsafe-argument': 'off',
          'typescript/restrict-template-expressions': 'off',
          'typescript/no-base-to-string': 'off',
        },
      },
    ],
  }
}
