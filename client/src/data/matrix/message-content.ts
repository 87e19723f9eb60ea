import { MsgType, RelationType } from 'matrix-js-sdk'

interface TextContent {
  readonly msgtype: MsgType.Text | MsgType.Emote
  readonly body: string
}

/** The content for typed text; `/me` makes an emote, as people expect from chat. */
export function textContent(text: string): TextContent {
  const emote = /^\/me\s+(?<action>[\s\S]+)$/u.exec(text)?.groups?.['action']
  return emote === undefined
    ? { msgtype: MsgType.Text, body: text }
    : { msgtype: MsgType.Emote, body: emote }
}

// https://spec.matrix.org/v1.19/client-server-api/#rich-replies
/** The content for an answer to another event. */
export function replyContent(text: string, eventId: string) {
  return {
    ...textContent(text),
    'm.relates_to': { 'm.in_reply_to': { event_id: eventId } },
  }
}

// https://spec.matrix.org/v1.19/client-server-api/#event-replacements
/** The content that replaces an earlier message; the body is for clients that cannot do that. */
export function editContent(text: string, eventId: string) {
  const content = textContent(text)
  return {
    msgtype: content.msgtype,
    body: `* ${content.body}`,
    'm.new_content': { ...content },
    'm.relates_to': { rel_type: RelationType.Replace as const, event_id: eventId },
  }
}
