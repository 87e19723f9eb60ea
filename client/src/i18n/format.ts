import { daysAgo } from '#lib/local-day.ts'
import { t } from './t.ts'

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'long' })
const longDay = new Intl.DateTimeFormat(undefined, { dateStyle: 'long' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' })
const list = new Intl.ListFormat('en', { style: 'long', type: 'conjunction' })

/** Hours and minutes. */
export const formatTime = (timestamp: number): string => time.format(timestamp)

/** Day and time in full, for tooltips. */
export const formatFull = (timestamp: number): string => full.format(timestamp)

/** A date without the time. */
export const formatDate = (timestamp: number): string => longDay.format(timestamp)

/** "Today", "Yesterday", a weekday within the last week, else the date. */
export function formatDay(timestamp: number, now: number): string {
  const days = daysAgo(timestamp, now)
  if (days === 0) return t('day.today')
  if (days === 1) return t('day.yesterday')
  return days > 1 && days < 7 ? weekday.format(timestamp) : longDay.format(timestamp)
}

/** Names joined as a sentence would: "Alice, Bob and Carol". */
export const formatList = (names: readonly string[]): string => list.format(names)
