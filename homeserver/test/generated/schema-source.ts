import { sql, type Kysely } from 'kysely'
import type { Schema } from '#db/db.ts'

interface Column {
  table: string
  name: string
  type: string
  nullable: boolean
  filled: boolean
}

const TYPES: Readonly<Record<string, string>> = {
  int2: 'number',
  int4: 'number',
  int8: 'number',
  float8: 'number',
  bool: 'boolean',
  text: 'string',
  bytea: 'Buffer',
  tsvector: 'string',
}

/** The text of src/db/schema.gen.ts for a migrated database. */
export async function schemaSource(db: Kysely<Schema>): Promise<string> {
  const { rows } = await sql<Column>`
    SELECT c.relname AS "table", a.attname AS name, t.typname AS type, NOT a.attnotnull AS nullable,
           a.atthasdef OR a.attidentity <> '' AS filled
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    ORDER BY c.relname COLLATE "C", a.attname COLLATE "C"`.execute(db)
  const tables = Map.groupBy(rows, (column) => column.table)
  const names = [...tables.keys()]
  return [
    '/**\n * Generated from a migrated database. Do not edit: vitest run test/generated -u\n */\n',
    "import type { Generated } from 'kysely'\n",
    `export interface DB {\n${names.map((name) => `  ${name}: ${pascal(name)}\n`).join('')}}\n`,
    ...names.map((name) => tableSource(name, tables.get(name) ?? [])),
  ].join('\n')
}

function tableSource(name: string, columns: readonly Column[]): string {
  const lines = columns.map((column) => `  ${column.name}: ${columnType(column)}\n`)
  return `interface ${pascal(name)} {\n${lines.join('')}}\n`
}

function columnType({ table, name, type, nullable, filled }: Column): string {
  const element = TYPES[type.replace(/^_/, '')]
  if (element === undefined) throw new Error(`${table}.${name} has the unknown type ${type}`)
  const plain = `${element}${type.startsWith('_') ? '[]' : ''}${nullable ? ' | null' : ''}`
  return filled ? `Generated<${plain}>` : plain
}

const pascal = (name: string) =>
  name
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
