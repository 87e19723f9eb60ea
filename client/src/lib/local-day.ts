/** The local calendar day of a timestamp, as a key that differs from day to day. */
export function dayKey(timestamp: number): string {
  const date = new Date(timestamp)
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`
}

/** How many calendar days `timestamp` lies before `now`: 0 is today, 1 yesterday. */
export function daysAgo(timestamp: number, now: number): number {
  const start = (value: number): number => {
    const date = new Date(value)
    return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate())
  }
  return Math.round((start(now) - start(timestamp)) / 86_400_000)
}
