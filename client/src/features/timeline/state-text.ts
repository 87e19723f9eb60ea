import { t } from '#i18n/t.ts'
import type { StateChange } from './timeline.view-model.ts'

function withReason(text: string, reason: string): string {
  return reason === '' ? text : t('state.reason', { text, reason })
}

function accessText(rule: string, sender: string): string {
  if (rule === 'public') return t('state.access-public', { sender })
  return rule === 'invite'
    ? t('state.access-invite', { sender })
    : t('state.access-other', { sender })
}

function nameText(from: string, to: string, sender: string): string {
  if (to === '') return t('state.name-removed', { from })
  return t('state.name-changed', { from: from === '' ? sender : from, to })
}

/** One sentence about a change of the room; `sender` is the name of who made it. */
export function stateText(change: StateChange, sender: string): string {
  switch (change.type) {
    case 'created':
      return t('state.created', { name: sender })
    case 'joined':
    case 'left':
    case 'declined':
    case 'knocked':
      return t(`state.${change.type}`, { name: change.who.name })
    case 'invited':
    case 'uninvited':
    case 'kicked':
    case 'banned':
    case 'unbanned':
      return withReason(t(`state.${change.type}`, { sender, name: change.who.name }), change.reason)
    case 'name-changed':
      return nameText(change.from, change.to, sender)
    case 'room-named':
      if (change.name === '') return t('state.room-unnamed', { sender })
      return t('state.room-named', { sender, name: change.name })
    case 'topic-set':
      if (change.topic === '') return t('state.topic-removed', { sender })
      return t('state.topic-set', { sender, topic: change.topic })
    case 'access-changed':
      return accessText(change.rule, sender)
    default:
      return t(`state.${change.type}`, { sender })
  }
}
