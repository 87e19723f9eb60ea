/** A text, or its forms by the plural rules of the language. */
export type Message = string | { readonly one: string; readonly other: string }
