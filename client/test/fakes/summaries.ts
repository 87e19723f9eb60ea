import type { RoomSummary, TimelineEvent } from '#data/index.ts'

/** A joined room with nothing in it. */
export function summary(part: Partial<RoomSummary> & { readonly id: string }): RoomSummary {
  return {
    name: part.id,
    topic: '',
    membership: 'join',
    unread: 0,
    highlights: 0,
    lastActivity: 0,
    memberCount: 1,
    inviter: undefined,
    ...part,
  }
}

type Message = Extract<TimelineEvent, { kind: 'message' }>

/** A message; `sender` is a name such as `ann`. */
export function message(
  id: string,
  part: Partial<Omit<Message, 'sender'>> & { sender?: string } = {},
): Message {
  const { sender = 'ann', ...rest } = part
  return {
    kind: 'message',
    key: id,
    id,
    sender: { id: `@${sender}:hearth.example`, name: sender },
    timestamp: 0,
    own: sender === 'me',
    style: 'text',
    text: `text of ${id}`,
    edited: false,
    replyTo: undefined,
    status: 'sent',
    error: '',
    canRedact: sender === 'me',
    ...rest,
  }
}

/** Messages `e1` to `e<count>`, a minute apart. */
export function messages(count: number, sender = 'ann'): Message[] {
  return Array.from({ length: count }, (_, index) =>
    message(`e${index + 1}`, { sender, timestamp: index * 60_000 }),
  )
}
