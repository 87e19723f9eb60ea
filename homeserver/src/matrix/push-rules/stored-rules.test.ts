import { describe, expect, it } from 'vitest'
import { parseUserId } from '../ids.ts'
import type { JsonValue } from '../json.ts'
import { defaultRuleset } from './default-rules.ts'
import { changeRule, deleteRule, findRule, putRule } from './edit-rules.ts'
import type { PushRuleset } from './push-rule.ts'
import { differsFromDefault, storedRuleset } from './stored-rules.ts'
import { tweaksOf } from './tweaks.ts'

const ME = parseUserId('@me:domain')
const DEFAULTS = defaultRuleset(ME)
const add = (ruleset: PushRuleset, id: string, place = {}) =>
  putRule(ruleset, 'override', id, { actions: [id] }, place)
const ownIds = ({ override }: PushRuleset) =>
  override.filter((rule) => !rule.default).map((rule) => rule.rule_id)
/** Through JSON, as the database keeps it. */
const kept = (ruleset: PushRuleset): PushRuleset =>
  storedRuleset(JSON.parse(JSON.stringify({ global: ruleset })), ME)

describe('putRule', () => {
  it('puts a new rule first among the user’s own, after the master rule', () => {
    const ruleset = add(add(DEFAULTS, 'a'), 'b')
    expect(ruleset.override.slice(0, 4).map((rule) => rule.rule_id)).toEqual([
      '.m.rule.master',
      'b',
      'a',
      '.org.matrix.msc4028.encrypted_event',
    ])
  })

  it.each([
    [{ before: 'b' }, ['a', 'x', 'b', 'c']],
    [{ after: 'b' }, ['a', 'b', 'x', 'c']],
    [{ before: 'a', after: 'c' }, ['x', 'a', 'b', 'c']],
    [{ after: 'c' }, ['a', 'b', 'c', 'x']],
  ])('puts a rule at %j', (place, expected) => {
    const abc = add(add(add(DEFAULTS, 'c'), 'b'), 'a')
    expect(ownIds(add(abc, 'x', place))).toEqual(expected)
    expect(ownIds(add(add(abc, 'x'), 'x', place))).toEqual(expected)
  })

  it('leaves a known rule where it is, and disabled', () => {
    const off = changeRule(add(add(DEFAULTS, 'a'), 'b'), 'override', 'a', { enabled: false })
    const again = add(off, 'a')
    expect(ownIds(again)).toEqual(['b', 'a'])
    expect(findRule(again, 'override', 'a').enabled).toBe(false)
  })

  it.each(['nope', '.m.rule.master'])('refuses a place at %s', (before) => {
    const place = () => add(DEFAULTS, 'x', { before })
    expect(place).toThrow(expect.objectContaining({ status: 400, errcode: 'M_UNKNOWN' }))
  })

  it('keeps actions that mean nothing any more, as the client wrote them', () => {
    const actions = ['dont_notify', 'coalesce']
    const muted = putRule(DEFAULTS, 'room', '!r', { actions })
    expect(findRule(kept(muted), 'room', '!r').actions).toEqual(actions)
    const changed = changeRule(muted, 'room', '!r', { actions: ['dont_notify'] })
    expect(findRule(kept(changed), 'room', '!r').actions).toEqual(['dont_notify'])
  })
})

describe('deleteRule', () => {
  it('takes away rules of the user only', () => {
    expect(deleteRule(add(DEFAULTS, 'a'), 'override', 'a')).toEqual(DEFAULTS)
    for (const id of ['a', '.m.rule.message']) {
      const attempt = () => deleteRule(DEFAULTS, 'underride', id)
      expect(attempt).toThrow(expect.objectContaining({ errcode: 'M_NOT_FOUND' }))
    }
  })
})

describe('storedRuleset', () => {
  it('gives back what was stored', () => {
    const changed = changeRule(add(DEFAULTS, 'a'), 'underride', '.m.rule.message', {
      actions: [],
    })
    const words = putRule(changed, 'content', 'w', { actions: ['notify'], pattern: 'cake' })
    expect(kept(words)).toEqual(words)
  })

  it.each<[JsonValue | undefined]>([
    [undefined],
    [{}],
    [[]],
    [{ global: [] }],
    [{ global: { override: {}, content: [1, {}, { rule_id: 1 }, { rule_id: 'x' }] } }],
    [{ global: { override: [{ rule_id: '.m.rule.gone', default: true, actions: [] }] } }],
  ])('reads %j as the default rules', (content) => {
    expect(storedRuleset(content, ME)).toEqual(DEFAULTS)
  })

  it('has the rules for mentions in texts where they are wanted, and keeps what was set of them', () => {
    const legacy = { legacyMentions: true }
    const rules = storedRuleset(undefined, ME, legacy)
    const added = ['.m.rule.contains_display_name', '.m.rule.roomnotif']
    const names = rules.override.map((rule) => rule.rule_id)
    expect(names.filter((name) => added.includes(name))).toEqual(added)
    expect(names.indexOf('.m.rule.roomnotif') + 1).toBe(names.indexOf('.m.rule.tombstone'))
    expect(rules.content).toMatchObject([{ rule_id: '.m.rule.contains_user_name', pattern: 'me' }])
    const off = changeRule(rules, 'content', '.m.rule.contains_user_name', { enabled: false })
    const stored = JSON.parse(JSON.stringify({ global: off }))
    expect(storedRuleset(stored, ME, legacy)).toEqual(off)
    expect(storedRuleset(stored, ME)).toEqual(DEFAULTS)
  })

  it('lets a damaged condition match nothing', () => {
    const override = [{ rule_id: 'a', actions: [], conditions: [1] }]
    expect(
      findRule(storedRuleset({ global: { override } }, ME), 'override', 'a').conditions,
    ).toEqual([{}])
  })
})

describe('differsFromDefault', () => {
  const sound = ['notify', { set_tweak: 'sound', value: 'x' }]
  it.each<[string, PushRuleset, boolean]>([
    ['nothing', DEFAULTS, false],
    ['a sound', changeRule(DEFAULTS, 'underride', '.m.rule.message', { actions: sound }), false],
    ['silence', changeRule(DEFAULTS, 'underride', '.m.rule.message', { actions: [] }), true],
    [
      'an action that means nothing',
      changeRule(DEFAULTS, 'override', '.m.rule.reaction', { actions: ['dont_notify'] }),
      false,
    ],
    ['a switch', changeRule(DEFAULTS, 'override', '.m.rule.master', { enabled: true }), true],
    ['a rule', add(DEFAULTS, 'a'), true],
    [
      'a rule that is off',
      changeRule(add(DEFAULTS, 'a'), 'override', 'a', { enabled: false }),
      false,
    ],
  ])('by %s', (_name, ruleset, expected) => {
    expect(differsFromDefault(ruleset, ME)).toBe(expected)
  })
})

it('tweaksOf reads what a gateway is told', () => {
  const actions = [
    'notify',
    { set_tweak: 'sound', value: 'ring' },
    { set_tweak: 'highlight' },
    { set_tweak: 'empty' },
    { set_tweak: 1, value: 1 },
  ]
  expect(tweaksOf(actions)).toEqual({ sound: 'ring', highlight: true })
})
