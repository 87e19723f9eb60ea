import { expect, test } from 'vitest'
import { parseOptions } from './options.ts'

const hearth = {
  url: undefined,
  pids: [],
  postgresPid: undefined,
  usersFile: undefined,
  databaseUrl: undefined,
}

test('without options a Hearth is started and the load is the one of the quoted figures', () => {
  const options = parseOptions(['send', 'messages'])
  expect(options).toMatchObject({ scenarios: ['send', 'messages'], repeat: 1, check: false })
  expect(options.places).toEqual([hearth])
  expect(options.load).toMatchObject({ clients: undefined, seconds: 5, rooms: 500 })
  expect(options.load.events).toEqual([100_000])
})

test('what belongs to a server is given in the order of the servers', () => {
  const argv = ['send', '--url', 'hearth', '--url', 'http://a:1', '--url', 'http://b:2']
  argv.push('--pids', '-', '--pids', '7,8', '--pg-pid', '-', '--pg-pid', '9')
  argv.push('--users', '-', '--users', '-', '--users', 'people.txt')
  argv.push('--database-url', '-', '--database-url', 'postgres://c/d')
  expect(parseOptions(argv).places).toEqual([
    hearth,
    {
      ...hearth,
      url: 'http://a:1',
      pids: [7, 8],
      postgresPid: 9,
      databaseUrl: 'postgres://c/d',
    },
    { ...hearth, url: 'http://b:2', usersFile: 'people.txt' },
  ])
})

test('a check takes the median of three unless told otherwise', () => {
  expect(parseOptions(['send', '--check']).repeat).toBe(3)
  expect(parseOptions(['send', '--write-baseline']).repeat).toBe(3)
  expect(parseOptions(['send', '--check', '--repeat', '1']).repeat).toBe(1)
})

test.each([
  [['sent'], 'Unknown or no scenario: sent'],
  [[], 'Unknown or no scenario'],
  [['send', '--seconds', 'five'], '--seconds takes numbers'],
  [['send', '--clients', '1,,8'], '--clients takes numbers'],
  [['send', '--rooms', '1,2'], '--rooms takes one number'],
  [['send', '--rooms=-1'], '--rooms takes numbers'],
  [['send', '--pids', '1', '--pids', '2'], 'more pids'],
])('%j is refused with a sentence', (argv, sentence) => {
  expect(() => parseOptions(argv)).toThrow(sentence)
})
