import { jsonObject, storableText, z, type Requester } from '#http/endpoint.ts'
import { isJsonObject, own, type JsonValue } from '#matrix/json.ts'
import { RULE_KINDS } from '#matrix/push-rules/push-rule.ts'

/** Of a rule that the client names; whatever it is, it is looked up. */
export const anyRule = z.object({ kind: z.string(), ruleId: z.string() })

const MAX_RULE_ID_LENGTH = 255

/** Of a rule that the client makes: server-default rules begin with a dot. */
export const ownRule = z.object({
  kind: z.enum(RULE_KINDS),
  ruleId: storableText
    .pipe(z.string().min(1).max(MAX_RULE_ID_LENGTH))
    .refine((id) => !id.startsWith('.'), 'Rule IDs with a leading dot are the server’s.')
    .refine((id) => !/[/\\]/.test(id), 'Rule IDs have no slashes.'),
})

const NAMED_ACTIONS: ReadonlySet<JsonValue> = new Set(['notify', 'dont_notify', 'coalesce'])

/** What a rule does, uncopied. */
export const actionList = z.array(
  z
    .custom<JsonValue>((action) => typeof action === 'string' || isJsonObject(action), {
      error: 'An action is a text or an object.',
      params: { wrongType: true },
    })
    .refine(
      (action) =>
        isJsonObject(action)
          ? typeof own(action, 'set_tweak') === 'string'
          : NAMED_ACTIONS.has(action),
      'This action is not known.',
    ),
)

/** A condition, uncopied. One of an unknown kind is kept and never matches. */
export const condition = jsonObject.refine(
  (value) => typeof own(value, 'kind') === 'string',
  'A condition has a kind.',
)

export const userOf = ({ user, userId }: Requester) => ({ key: user, userId })
