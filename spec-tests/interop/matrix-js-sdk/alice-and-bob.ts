import { afterAll, beforeAll } from 'vitest'
import { HttpClient } from '../../target/matrix-client.ts'
import { type TargetServer, targetServer } from '../../target/target.ts'
import { Device } from './device.ts'

/** What many files' tests begin with. */
export interface AliceAndBob {
  readonly target: TargetServer
  readonly http: HttpClient
  readonly alice: Device
  readonly bob: Device
}

/**
 * Two newcomers with the SDK, for the tests of the calling group; they and the server end with it.
 * @param begin told before the first test, to put the parts where the tests look for them
 */
export function aliceAndBob(begin: (all: AliceAndBob) => void): void {
  let all: AliceAndBob | undefined
  beforeAll(async () => {
    const target = await targetServer()
    const http = new HttpClient(target.url)
    const [alice, bob] = await Promise.all([
      Device.newcomer(target.url, http, 'alice'),
      Device.newcomer(target.url, http, 'bob'),
    ])
    all = { target, http, alice, bob }
    begin(all)
  })
  afterAll(async () => {
    for (const device of [all?.alice, all?.bob]) await device?.[Symbol.asyncDispose]()
    all?.http.close()
    await all?.target[Symbol.asyncDispose]()
  })
}
