import { html } from 'lit'
import { t } from '#i18n/t.ts'
import { linkify } from '#lib/linkify.ts'
import { stateText } from './state-text.ts'
import type { TimelineEvent } from './timeline.view-model.ts'

/** The text of an event in plain words, for labels and announcements. */
export function plainText(event: TimelineEvent): string {
  switch (event.kind) {
    case 'message':
      return event.style === 'emote' ? `${event.sender.name} ${event.text}` : event.text
    case 'redacted':
      return t('timeline.redacted')
    case 'encrypted':
      return t('timeline.encrypted')
    case 'unsupported':
      return event.text === ''
        ? t('timeline.unsupported')
        : t('timeline.unsupported-body', { text: event.text })
    case 'state':
      return stateText(event.change, event.sender.name)
  }
}

/** Message text with its links. Everything else stays text, whatever it looks like. */
export const linkedText = (text: string) =>
  linkify(text).map((part) =>
    part.kind === 'text'
      ? part.text
      : html`<a href=${part.href} target="_blank" rel="noreferrer noopener">${part.text}</a>`,
  )
