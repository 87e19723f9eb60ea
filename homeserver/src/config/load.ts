import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { z } from 'zod'
import { ConfigError } from './config-error.ts'
import { expandEnvironment, readSecretFiles } from './expand.ts'
import { configSchema, type Config } from './schema/config.ts'
import { YamlSource } from './yaml-source.ts'

export interface LoadOptions {
  /** The file that was asked for. Without one, `homeserver.yaml` is read if the working directory has it. */
  readonly file?: string | undefined
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** What the command line says; goes before the file. */
  readonly overrides?: {
    readonly host?: string | undefined
    readonly port?: number | undefined
    readonly data?: string | undefined
    readonly workers?: number | undefined
  }
}

const DEFAULT_FILE = 'homeserver.yaml'

/**
 * Reads and checks the configuration. No file at all is fine: everything has a default.
 * @throws {ConfigError} naming file and line of everything that is wrong
 */
export function loadConfig(options: LoadOptions): Config {
  const file = chooseFile(options)
  const text = file === undefined ? '' : readText(file)
  return parse(new YamlSource(file ?? 'defaults', text), {
    ...options,
    folder: file === undefined ? options.cwd : dirname(file),
  })
}

/**
 * Checks the text of a configuration, as if it stood in the file `name` of the folder `cwd`.
 * @throws {ConfigError}
 */
export function parseConfig(
  text: string,
  options: Partial<Omit<LoadOptions, 'file'>> & { readonly name?: string } = {},
): Config {
  const { cwd = '/', env = {}, name = DEFAULT_FILE } = options
  return parse(new YamlSource(name, text), { ...options, cwd, env, folder: cwd })
}

function parse(source: YamlSource, options: LoadOptions & { readonly folder: string }): Config {
  expandEnvironment(source, options.env)
  readSecretFiles(source, options.folder)
  return finish(check(source), options.folder, options)
}

function chooseFile({ file, cwd }: LoadOptions): string | undefined {
  if (file !== undefined) return resolve(cwd, file)
  const found = join(cwd, DEFAULT_FILE)
  return existsSync(found) ? found : undefined
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new ConfigError([`The configuration can't be read: ${String(error)}`])
  }
}

function check(source: YamlSource): z.output<typeof configSchema> {
  const value: unknown = source.document.toJS() ?? {}
  const result = configSchema.safeParse(value)
  if (result.success) return result.data
  throw new ConfigError(result.error.issues.flatMap((issue) => describe(issue, source)))
}

function describe(issue: z.core.$ZodIssue, source: YamlSource): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const path = [...issue.path, key]
      return `${source.placeOf(path)}: ${path.join('.')}: there is no such setting.`
    })
  }
  const name = issue.path.length === 0 ? '' : `${issue.path.join('.')}: `
  return [`${source.placeOf(issue.path)}: ${name}${issue.message}`]
}

function finish(
  config: z.output<typeof configSchema>,
  folder: string,
  { cwd, overrides = {} }: LoadOptions,
): Config {
  const data =
    overrides.data === undefined ? resolve(folder, config.data) : resolve(cwd, overrides.data)
  return {
    ...config,
    data,
    workers: overrides.workers ?? config.workers,
    signing_key_file:
      config.signing_key_file === undefined
        ? join(data, 'signing.key')
        : resolve(folder, config.signing_key_file),
    http: {
      ...config.http,
      ...(overrides.host !== undefined && { host: overrides.host }),
      ...(overrides.port !== undefined && { port: overrides.port }),
    },
  }
}
