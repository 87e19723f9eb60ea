/** Bugs that other homeservers had. The name stands in a title of each file; scenarios are told by their own names. */
export const BUG_CLASSES: readonly (readonly [name: string, files: readonly string[]])[] = [
  ['event auth', ['test/bad-input/bug-classes.test.ts']],
  [
    'rejected event resurrected',
    [
      'test/bad-input/bug-classes.test.ts',
      'src/matrix/state-resolution/scenarios/rejected-event-in-a-state.json',
    ],
  ],
  ['malformed event stops federation', ['test/bad-input/bug-classes.test.ts']],
  [
    'empty page ends pagination',
    ['test/rooms/messages.test.ts', 'test/push-notifications/notifications.test.ts'],
  ],
  ['state-res DoS', ['src/matrix/state-resolution/resolve-state.test.ts']],
  [
    'state reset',
    [
      'src/matrix/state-resolution/scenarios/state-reset-by-a-missing-link-v2.json',
      'src/matrix/state-resolution/scenarios/conflicted-subgraph-prevents-reset-v12.json',
    ],
  ],
  ['sync leaks after leave', ['test/sync/rooms.test.ts']],
  ['invite breaks sync', ['test/bad-input/bug-classes.test.ts']],
  [
    'SSRF by address tricks',
    ['src/platform/outbound/outbound.test.ts', 'test/push-notifications/workers.test.ts'],
  ],
  [
    'push-glob DoS',
    ['src/matrix/push-rules/glob.test.ts', 'test/push-notifications/unread.test.ts'],
  ],
  [
    'private room metadata',
    [
      'test/rooms/summary.test.ts',
      'test/room-directory/public-rooms.test.ts',
      'test/user-directory/search.test.ts',
    ],
  ],
  ['shared signing key', ['test/cli/commands.test.ts']],
  ['lock contention', ['src/db/db.test.ts']],
  ['event in own auth chain', ['test/bad-input/bug-classes.test.ts']],
  [
    'wrong unconflicted set',
    ['src/matrix/state-resolution/scenarios/mainline-from-unconflicted-levels-v2.json'],
  ],
  ['lost events', ['test/sync/long-poll.test.ts']],
  ['mutation changed ID', ['test/bad-input/bug-classes.test.ts']],
  ['unknown type stops room', ['test/bad-input/bug-classes.test.ts']],
  ['oldest state', ['test/bad-input/bug-classes.test.ts']],
  ['/sync never waits', ['test/sync/long-poll.test.ts']],
  ['sender_notification_permission is not always true', ['src/matrix/push-rules/evaluate.test.ts']],
  ['any UIA session', ['test/client-authentication/user-interactive.test.ts']],
]

/** Classes that belong to what is not built, with that. */
export const CLASSES_TO_COME: readonly (readonly [names: string, comesWith: string])[] = [
  ['remote template signed blindly', 'federation'],
  ['missing signature checks', 'federation'],
  ['server-server reads leak', 'federation'],
  ['state_ids answers current state', 'federation'],
  ['media path, decoder, memory', 'media'],
  ['preview recursion', 'media'],
  ['unvalidated device keys', 'end-to-end encryption'],
  ['device_lists.left is empty', 'end-to-end encryption'],
  ['RTC token without OpenID proof', 'calls'],
]
