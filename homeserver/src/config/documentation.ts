import { stringify } from 'yaml'
import { z } from 'zod'
import { configSchema } from './schema/config.ts'

/** One setting, or a section with settings, as the generated documents show it. */
export interface Setting {
  readonly name: string
  readonly description: string
  /** undefined: there is none, or the description tells. */
  readonly default: unknown
  readonly type: string
  /** May be given as `<name>_file`. */
  readonly secret: boolean
  readonly settings: readonly Setting[]
}

const jsonSchema = z.looseObject({
  description: z.string().optional(),
  default: z.unknown().optional(),
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  secret: z.boolean().optional(),
  unsafe: z.boolean().optional(),
  /** Shown as one value, although it has parts. */
  example: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
})

/**
 * Every setting in the schema's order; the test mode's section only `withUnsafe`.
 * @throws {Error} when a setting has no description
 */
export function settings(withUnsafe: boolean): Setting[] {
  const root = z.toJSONSchema(configSchema, { io: 'input' })
  return children(root, '', withUnsafe)
}

function children(schema: unknown, prefix: string, withUnsafe: boolean): Setting[] {
  const { properties = {} } = jsonSchema.parse(schema)
  return Object.entries(properties).flatMap(([name, raw]) => {
    const property = jsonSchema.parse(raw)
    if (property.unsafe === true && !withUnsafe) return []
    const path = `${prefix}${name}`
    if (property.description === undefined) throw new Error(`${path} has no description`)
    const parts = children(raw, `${path}.`, withUnsafe)
    const settingsOf = property.example === undefined ? parts : []
    return [
      {
        name,
        description: property.description,
        default: property.example ?? (settingsOf.length > 0 ? undefined : property.default),
        type: property.enum?.join(' | ') ?? property.type ?? 'string',
        secret: property.secret === true,
        settings: settingsOf,
      },
    ]
  })
}

/** A value as YAML on one line. */
export function inline(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', defaultStringType: 'PLAIN' }).trim()
}
