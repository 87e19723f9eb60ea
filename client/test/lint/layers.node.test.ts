import { ESLint } from 'eslint'
import { expect, test } from 'vitest'

/** Who may import whom: one allowed and some forbidden imports for each row of the table in eslint.config.js. */
const ROWS: readonly {
  readonly file: string
  readonly allowed: string
  readonly forbidden: readonly string[]
}[] = [
  { file: 'lib/x.ts', allowed: './emitter.ts', forbidden: ['#data/index.ts', 'matrix-js-sdk'] },
  {
    file: 'data/model/x.ts',
    allowed: '#lib/emitter.ts',
    forbidden: ['#features/rooms/rooms.panel.ts', '#components/icon.ts', 'matrix-js-sdk'],
  },
  {
    file: 'data/matrix/x.ts',
    allowed: 'matrix-js-sdk',
    forbidden: ['#components/icon.ts', '#platform/web/web-platform.ts', 'dompurify'],
  },
  {
    file: 'theme/x.ts',
    allowed: '#lib/emitter.ts',
    forbidden: ['#components/icon.ts', '#app/app.ts'],
  },
  { file: 'i18n/x.ts', allowed: '#lib/emitter.ts', forbidden: ['#data/index.ts', '#app/app.ts'] },
  {
    file: 'components/x.ts',
    allowed: 'dompurify',
    forbidden: ['#data/index.ts', '../features/rooms/rooms.panel.ts', 'matrix-js-sdk'],
  },
  {
    file: 'platform/web/x.ts',
    allowed: '#lib/emitter.ts',
    forbidden: ['#data/index.ts', '#app/app.ts'],
  },
  {
    file: 'features/rooms/x.panel.ts',
    allowed: '#components/icon.ts',
    forbidden: ['#data/index.ts', '../timeline/timeline.panel.ts', '#app/app.ts', 'matrix-js-sdk'],
  },
  {
    file: 'features/rooms/x.view-model.ts',
    allowed: '#data/index.ts',
    forbidden: ['#data/matrix/index.ts', 'lit', './rooms.panel.ts', '#components/icon.ts'],
  },
]

const eslint = new ESLint({ cwd: new URL('../..', import.meta.url).pathname })

async function isRefused(file: string, specifier: string): Promise<boolean> {
  const code = `import { value } from '${specifier}'\nexport const planted = [value]\n`
  const [result] = await eslint.lintText(code, { filePath: `src/${file}` })
  return (result?.messages ?? []).some(({ ruleId }) => ruleId === 'no-restricted-imports')
}

test.each(ROWS.flatMap(({ file, forbidden }) => forbidden.map((to) => [file, to] as const)))(
  '%s may not import %s',
  async (file, specifier) => {
    expect(await isRefused(file, specifier)).toBe(true)
  },
)

test.each(ROWS.map(({ file, allowed }) => [file, allowed] as const))(
  '%s may import %s',
  async (file, specifier) => {
    expect(await isRefused(file, specifier)).toBe(false)
  },
)
