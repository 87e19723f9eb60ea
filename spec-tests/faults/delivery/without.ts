/** The values that are not in the other list, each once. */
export function without<T>(values: Iterable<T>, others: Iterable<T>): T[] {
  const unwanted = new Set(others)
  return [...new Set(values)].filter((value) => !unwanted.has(value))
}
