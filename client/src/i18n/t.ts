import { en } from './en.ts'
import type { Message } from './message.ts'

type Messages = typeof en

/** Every text Hearth can show. */
export type MessageKey = keyof Messages

type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never

type Forms<M> = M extends string ? M : M extends { readonly other: infer Text } ? Text : never

/** The values a text needs: a plural always needs `count`. */
export type MessageValues<Key extends MessageKey> = Record<
  Names<Forms<Messages[Key]> & string> | (Messages[Key] extends string ? never : 'count'),
  string | number
>

type Arguments<Key extends MessageKey> = [keyof MessageValues<Key>] extends [never]
  ? []
  : [values: MessageValues<Key>]

const LOCALE = 'en'
const plurals = new Intl.PluralRules(LOCALE)
const numbers = new Intl.NumberFormat(LOCALE)

function form(message: Message, count: string | number | undefined): string {
  if (typeof message === 'string') return message
  return plurals.select(Number(count)) === 'one' ? message.one : message.other
}

/** The text for a key with its values filled in. */
export function t<Key extends MessageKey>(key: Key, ...args: Arguments<Key>): string {
  const values = new Map<string, string | number>(Object.entries(args[0] ?? {}))
  return form(en[key], values.get('count')).replaceAll(/\{(\w+)\}/gu, (whole, name: string) => {
    const value = values.get(name)
    if (value === undefined) return whole
    return typeof value === 'number' ? numbers.format(value) : value
  })
}
