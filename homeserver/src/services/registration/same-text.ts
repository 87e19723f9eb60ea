import { timingSafeEqual } from 'node:crypto'

/** Compares in a time that does not tell how much of the secret was right. */
export function sameText(secret: string, guess: string): boolean {
  const [left, right] = [Buffer.from(secret), Buffer.from(guess)]
  return left.length === right.length && timingSafeEqual(left, right)
}
