import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { isPair, isScalar, visit, type Scalar } from 'yaml'
import { ConfigError } from './config-error.ts'
import type { YamlSource } from './yaml-source.ts'

/** Out of reach of the environment: test mode is written out, or it is not asked for. */
const LITERAL_SECTION = 'unsafe_test_mode'

/**
 * Replaces `${NAME}` in values by the environment variable.
 * @throws {ConfigError} for a variable that is not set
 */
export function expandEnvironment(
  source: YamlSource,
  env: Readonly<Record<string, string | undefined>>,
): void {
  const problems: string[] = []
  visit(source.document, {
    Pair: (_key, { key }) =>
      isScalar(key) && key.value === LITERAL_SECTION ? visit.SKIP : undefined,
    Scalar(key, node, path) {
      if (key === 'key' || typeof node.value !== 'string') return
      const expanded = node.value.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => {
        const value = env[name]
        if (value !== undefined) return value
        const keys = path.filter((step) => isPair(step)).map((pair) => String(pair.key))
        problems.push(`${source.placeOf(keys)}: the environment variable ${name} is not set.`)
        return whole
      })
      if (expanded !== node.value) node.value = retyped(node, expanded)
    },
  })
  if (problems.length > 0) throw new ConfigError(problems)
}

/** An unquoted `${PORT}` becomes a number, as if the number had been written there. */
function retyped(node: Scalar, text: string): unknown {
  if (node.type !== 'PLAIN') return text
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  return text === 'true' ? true : text === 'false' ? false : text
}

/** Secrets that may be given as the name of a file: `url_file` stands for `url`. */
const SECRETS = [
  ['database', 'url'],
  ['registration', 'shared_secret'],
] as const

/**
 * Reads `<secret>_file` keys, relative to the configuration's folder.
 * @throws {ConfigError} for a file that can't be read
 */
export function readSecretFiles(source: YamlSource, folder: string): void {
  const { document } = source
  for (const [section, key] of SECRETS) {
    const path = [section, `${key}_file`]
    const file: unknown = document.getIn(path)
    if (typeof file !== 'string') continue
    if (document.hasIn([section, key])) {
      throw new ConfigError([`${source.placeOf(path)}: give ${key} or ${key}_file, not both.`])
    }
    try {
      document.setIn([section, key], readFileSync(resolve(folder, file), 'utf8').trim())
    } catch (error) {
      throw new ConfigError([`${source.placeOf(path)}: ${String(error)}`])
    }
    document.deleteIn(path)
  }
}
