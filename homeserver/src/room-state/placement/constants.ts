/**
 * What the simulation decided: see docs/state-lines.md for the figures. Costs are bytes in the
 * database, indexes included.
 */

/** Parents above a line. One read of a key probes each of them. */
export const MAX_DEPTH = 8

/** A row of `state_log`. */
export const ROW_BYTES = 150

/** A row of `state_lines`. */
export const LINE_BYTES = 130

/** What a level of depth is taken for, so that lines stay flat where rows cost little more. */
export const LEVEL_BYTES = 100

/** One key in a checkpoint. */
export const ENTRY_BYTES = 6

/** A checkpoint beside its entries. */
export const CHECKPOINT_BYTES = 120

/**
 * Events that a message of this server names as parents: more make later state resolution expensive. More
 * are named only where their states differ.
 */
export const MAX_PARENTS = 10

/** Events that any event may name, by the specification. */
export const MAX_NAMED = 20
