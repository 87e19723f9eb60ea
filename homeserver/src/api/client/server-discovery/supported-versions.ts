/**
 * The rule is to list v1.1 up to the highest release whose operations are all built. v1.1 itself
 * is not complete yet (homeserver/test/contract/unimplemented.ts), but SDKs refuse a server that lists no version at
 * all, so the lowest stands here until more is true. Raise it only with the contract suite.
 */
export const SUPPORTED_VERSIONS: readonly string[] = ['v1.1']

/** Unstable features that are built, by flag; clients take an absent one for false. */
export const UNSTABLE_FEATURES: Readonly<Record<string, boolean>> = {
  // threads, their list, their receipts, their counts, relations in either direction, and of relations
  'org.matrix.msc3440.stable': true,
  'org.matrix.msc3715.stable': true,
  'org.matrix.msc3856.stable': true,
  'org.matrix.msc3771': true,
  'org.matrix.msc3773': true,
  'org.matrix.msc3981': true,
  // rooms shared with somebody
  'uk.half-shot.msc2666.query_mutual_rooms': true,
  'uk.half-shot.msc2666.query_mutual_rooms.stable': true,
  // private receipts: without it SDKs leave `m.read.private` out of read markers
  'org.matrix.msc2285.stable': true,
  // profile fields of any name, under the stable paths
  'uk.tcpip.msc4133.stable': true,
}
