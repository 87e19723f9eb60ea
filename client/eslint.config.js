import { createRequire, registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

// The workspace root has TypeScript 7, which has no JavaScript API. The linter's packages that npm
// put there would find that one, so all of them are given this workspace's TypeScript 6.
const typescript = pathToFileURL(createRequire(import.meta.url).resolve('typescript')).href
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'typescript'
      ? { url: typescript, format: 'commonjs', shortCircuit: true }
      : next(specifier, context),
})

const { default: parser } = await import('@typescript-eslint/parser')
const { default: tseslint } = await import('typescript-eslint')
const { default: lit } = await import('eslint-plugin-lit')
const { default: litA11y } = await import('eslint-plugin-lit-a11y')
const { default: wc } = await import('eslint-plugin-wc')

const SDK = {
  group: [
    'matrix-js-sdk',
    'matrix-js-sdk/*',
    '@matrix-org/*',
    'matrix-widget-api',
    'livekit-client',
  ],
  message: 'Only src/data/matrix may import the Matrix SDK.',
}
const KIT = {
  group: ['@awesome.me/*', 'dompurify'],
  message: 'Only src/components may import the component kit and the sanitiser.',
}

/** Every layer, by the alias and by the relative path that reaches it. */
const LAYERS = ['app', 'data', 'features', 'components', 'platform', 'theme', 'i18n', 'lib']
const banLayer = (layer) => ({
  regex: `^(?:#${layer}/|(?:\\.\\./)+${layer}/)`,
  message: `This layer must not import ${layer}.`,
})

/**
 * One entry of the table of layers: the files, and what they may import. A later entry replaces
 * an earlier one, so each entry lists all its bans.
 */
function layer(files, { may, except = [], extra = [] }) {
  const banned = LAYERS.filter((name) => !may.includes(name)).map(banLayer)
  const patterns = [...banned, ...extra, ...[SDK, KIT].filter((ban) => !except.includes(ban))]
  return { files, rules: { 'no-restricted-imports': ['error', { patterns }] } }
}

const interfacesOnly = {
  regex: '^#data/(?!index\\.ts$)',
  message: 'View models know only the interfaces of the data layer.',
}
const platformInterfaceOnly = {
  regex: '^#platform/(?!platform\\.ts$)',
  message: 'Only src/app may import an implementation of the platform.',
}
const ownFeatureOnly = {
  regex: '^(?:#features/|\\.\\./)',
  message: 'Features meet only through app events and slots.',
}
const noDom = {
  group: ['lit', 'lit/*', 'lucide', '**/*.panel.ts', '**/*.dialog.ts'],
  message: 'View models know nothing of the DOM.',
}

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**'] },
  {
    files: ['src/**/*.ts', 'vite.config.ts'],
    extends: [...tseslint.configs.recommended],
    languageOptions: { parser },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      eqeqeq: 'error',
    },
  },
  { files: ['vite.config.ts'], rules: { 'no-restricted-exports': 'off' } },
  {
    files: ['src/**/*.ts'],
    ...lit.configs['flat/all'],
    rules: {
      ...lit.configs['flat/all'].rules,
      // Handlers are arrow functions that also need the item they belong to.
      'lit/no-template-arrow': 'off',
      // Templates map lists; that is what they are for.
      'lit/no-template-map': 'off',
      // The base class is HearthElement.
      'lit/file-name-matches-element': 'off',
      'lit/prefer-static-styles': 'error',
      // Look-ups of what may not be there, made once, need no property.
      'lit/prefer-query-decorators': 'off',
    },
  },
  { files: ['src/**/*.ts'], ...litA11y.configs.recommended, plugins: { 'lit-a11y': litA11y } },
  { files: ['src/**/*.ts'], ...wc.configs['flat/recommended'] },

  layer(['src/lib/**'], { may: ['lib'] }),
  layer(['src/data/**'], { may: ['lib', 'data', 'platform'], extra: [platformInterfaceOnly] }),
  layer(['src/data/matrix/**'], {
    may: ['lib', 'data', 'platform'],
    except: [SDK],
    extra: [platformInterfaceOnly],
  }),
  layer(['src/theme/**', 'src/i18n/**'], { may: ['lib', 'theme', 'i18n'] }),
  layer(['src/components/**'], { may: ['lib', 'theme', 'i18n', 'components'], except: [KIT] }),
  layer(['src/platform/**'], { may: ['lib', 'platform'] }),
  layer(['src/features/**'], {
    may: ['lib', 'components', 'theme', 'i18n'],
    extra: [ownFeatureOnly],
  }),
  layer(
    [
      'src/features/**/*.view-model.ts',
      'src/features/*/{rows,auth-form,typing-notifier,render-window}.ts',
    ],
    {
      may: ['lib', 'data', 'platform'],
      extra: [interfacesOnly, platformInterfaceOnly, ownFeatureOnly, noDom],
    },
  ),
  layer(['src/app/**'], { may: LAYERS }),
  layer(['src/**/*.node.test.ts'], { may: LAYERS, except: [SDK] }),
)
