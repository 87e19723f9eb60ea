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
  'Events of an account that was erased come pruned to who was not in the room when they were sent, also to those who joined between the event and the erasure; these do not find them by searching.',
  'Every user ID of this server can be invited, whether or not it has an account, or has one that is deactivated.',
  'Events: at most 65,536 bytes in canonical form. Other request bodies: at most 1 MiB.',
  '`/sync` waits at most 10 minutes.',
  'A repeated transaction id is recognised for 48 hours.',
  'Unread messages count by the push rules of now, also by those that came after them.',
  'Ignored people are left out of the timelines and invitations of `/sync`, of unread counts, relations and threads. `/messages`, `/context` and searches still have what they said.',
  'The character NUL is refused in event types and state keys; the specification does not forbid it.',
]

/** A run of our black-box tests against another homeserver, as a check of the tests and of Hearth. */
export const AGAINST_SYNAPSE: readonly string[] = [
  'Synapse 1.163.2 from PyPI with SQLite, registration without verification, no rate limits, `login_via_existing_session` enabled and `room_list_publication_rules` allowing all, driven by',
  '`HEARTH_TARGET=http://127.0.0.1:18008 npm test -- client-server interop`',
  'Of 167 tests 133 passed, 15 were skipped with the reason in their title, and 19 failed, each for a line below where the specification is on our side or says nothing. Where it allows both, the tests take both.',
]

/** What differs: what was asked, Synapse's outcome, Hearth's, and what the specification says. */
export const SYNAPSE_DIFFERENCES: readonly (readonly [string, string, string, string])[] = [
  [
    'Content with a lone surrogate',
    '500 `M_UNKNOWN`',
    '400 `M_BAD_JSON`',
    'Appendices, canonical JSON: "UTF-8 JSON encoding", which has no such character',
  ],
  [
    'createRoom with a name that is no string',
    '400 `M_UNKNOWN`',
    '400 `M_BAD_JSON`',
    '400: "The request body is malformed (`errcode` set to `M_BAD_JSON` or `M_NOT_JSON`)"',
  ],
  [
    'A second `m.room.create`',
    '500 `M_UNKNOWN`',
    '400 `M_BAD_JSON`',
    '400: "The sender\'s request is malformed"; 403: "The sender doesn\'t have permission to send the event into the room"',
  ],
  [
    'sendToDevice with `messages` that is no object',
    '500 `M_UNKNOWN`',
    '400 `M_BAD_JSON`',
    '"Request contained valid JSON, but it was malformed in some way"',
  ],
  [
    'A sync token that is none; an unknown kind of receipt',
    '400 `M_UNKNOWN`',
    '400 `M_INVALID_PARAM`',
    '"A parameter that was specified has the wrong value"; `M_UNKNOWN` is "An unknown error has occurred"',
  ],
  [
    'A filter that was never defined',
    '400 `M_UNKNOWN`',
    '404 `M_NOT_FOUND`',
    '404: "Unknown filter."',
  ],
  [
    'Changing the profile of somebody else',
    '400 `M_FORBIDDEN`',
    '403 `M_FORBIDDEN`',
    '403: "The server is unwilling to perform the operation, either due to insufficient permissions or because profile modifications are disabled."',
  ],
  [
    'Typing for somebody else',
    '400 `M_FORBIDDEN`',
    '403 `M_FORBIDDEN`',
    '"Forbidden access"; the operation documents neither status',
  ],
  [
    'A receipt or read marker in a room of which one is no member',
    '200',
    '403 `M_FORBIDDEN`',
    'Nothing; Hearth tells nobody whether such a room or event exists',
  ],
  [
    'A refresh token whose successor was used',
    '403 `M_FORBIDDEN`',
    '401 `M_UNKNOWN_TOKEN`',
    '401: "The provided token was unknown, or has already been used."',
  ],
  [
    '`avatar_url` of people without one, in joined members, search results and the user directory',
    '`null`',
    'left out',
    'The schemas have a string that is not required',
  ],
  [
    'Joining a room from which one is banned',
    '403 `M_BAD_STATE`',
    '403 `M_FORBIDDEN`',
    '"A meaningful `errcode` and description error text will be returned"; the test takes both',
  ],
  [
    'createRoom with an unknown preset; a malformed room id; a filter in the query that is no JSON',
    '400 `M_BAD_JSON`; 403 `M_FORBIDDEN`; 400 `M_NOT_JSON`',
    '400 `M_INVALID_PARAM`',
    'Either code fits its description; the tests take both',
  ],
  [
    'NUL in an event type or state key',
    '200',
    '400 `M_INVALID_PARAM`',
    'No rule; see the known limits',
  ],
  [
    'The threads taken part in, right after the first answer in one',
    'without that one, though it is in a list of all',
    'with it',
    '`participated`: "only thread roots for threads the user has participated in"',
  ],
  [
    'The name of an account that has set none',
    'its localpart',
    'none',
    'Profile: "The user\'s display name if they have set one, otherwise not present."',
  ],
]

export const SUITES: readonly (readonly [string, string])[] = [
  ['matrix-js-sdk 43.0.0', 'run by `npm test -- interop`'],
  [
    'matrix-nio 0.20.1 (Debian), r0 paths, unencrypted',
    'run by `npm test -- interop`. It sends its token in the query, so the server needs `http.access_token_query: all`; it does not take members without a display name, nor devices without a name, address or time of last use, all of which the specification allows',
  ],
  ['This contract suite', 'run by `npm test -- homeserver`'],
  ['Complement', 'see above'],
  ['Sytest, SDKs in other languages', 'not run'],
]
