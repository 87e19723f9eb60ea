import type { Scenario } from './scenario.ts'

/** The rooms of the table. `small`: a hundredth, to see that all of it works. */
export function scenarios(small: boolean): Scenario[] {
  const scale = small ? 100 : 1
  const room = (name: string, rest: Partial<Scenario>): Scenario => ({
    name,
    changes: 30_000 / scale,
    members: 10_000 / scale,
    servers: 20,
    side: 0.1,
    partitioned: 0.1,
    seed: 1,
    ...rest,
  })
  return [
    room('10 %', {}),
    room('linear', { side: 0 }),
    room('1 %', { side: 0.01 }),
    room('30 %', { side: 0.3, changes: 6_000 / scale, members: 2_000 / scale }),
    room('few', { side: 0.3, changes: 2_000 / scale, members: 10, servers: 3 }),
    room('flapping', {
      side: 0.5,
      partitioned: 1,
      changes: 2_000 / scale,
      members: 10,
      servers: 3,
      flapping: true,
    }),
    room('50,000 members', { changes: 60_000 / scale, members: 50_000 / scale, side: 0.01 }),
  ]
}
