/** What docs/compliance.md says that no table can tell. Keep it true in the commit that changes it. */

/** Features without operations of their own, or with operations outside the specification's table. */
export const ABSENT: readonly string[] = [
  'End-to-end encryption. No key endpoint has a route, so SDKs get `M_UNRECOGNIZED` and do not take keys for uploaded. Rooms can carry `m.room.encryption` and encrypted events, but nobody can share keys through this server.',
  'Media: no upload, download, thumbnails or previews.',
  'Federation. All members of a room are on this server; ids of other servers cannot be invited or joined.',
  'Voice and video calls: no TURN credentials, no call transports, no delayed events.',
  'Pushers of the kind `email`.',
  'Presence is off unless `presence.enabled` is set. While it is off both operations answer 403, and `/sync` ignores `set_presence`. A status message may have 800 characters.',
  'Push rules that look for mentions in the text, which Matrix v1.17 removed, are there where `push.legacy_mentions` is set.',
  'Guests are admitted where `registration.guests` is set. They may use what the specification lists, and `POST /join/{roomIdOrAlias}`.',
  'A suspended account may read, keep its account data, push rules, pushers, filters, receipts and devices, send messages to devices, leave and forget rooms, and redact its own events.',
  'A person who reports the same thing again replaces the earlier report. A report may have 16 KiB.',
  'Simplified sliding sync.',
  'Application services, OAuth, single sign-on, e-mail addresses and phone numbers.',
]

export const LIMITS: readonly string[] = [
  'Typing is kept in memory and forgotten by a restart.',
  'Search is over unencrypted rooms; ranking sorts the latest 200 matches, and a count beyond them is an estimate.',
  'A full page of search results has a token for the next one, which may be empty.',
  'A redacted event keeps its original text in the database; it is pruned whenever it is read.',
  'Events of an account that was erased come pruned to who was not in the room when they were sent, also to those who joined between the event and the erasure.',
  'Events: at most 65,536 bytes in canonical form. Other request bodies: at most 1 MiB.',
  '`/sync` waits at most 10 minutes.',
  'A repeated transaction id is recognised for 48 hours.',
]

export const SUITES: readonly (readonly [string, string])[] = [
  ['matrix-js-sdk 43.0.0', 'run by `npm test -- interop`'],
  ['This contract suite', 'run by `npm test -- homeserver`'],
  ['Complement', 'see above'],
  ['Sytest, SDKs in other languages', 'not run'],
]
