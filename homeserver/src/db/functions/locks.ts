/**
 * Held by every transaction that gives out positions, until its commit is flushed and visible:
 * so positions become visible in their order.
 */
export const STREAM_LOCK = 4_820_001

/**
 * Held shared by the writer connection of every worker. An append that can take it exclusively has no
 * other worker to tell, and saves the notification: it would wake a process only to be thrown away.
 */
export const WORKERS_LOCK = 4_820_002

/** Held by the one worker that does what only one should do. */
export const SOLE_WORKER_LOCK = 4_820_003
