import { STREAM_LOCK } from './locks.ts'

/**
 * Compares the cluster with the one that the current tag stands for, and mints a new tag when the
 * history may have been cut: after a failover, or a restore of an older backup.
 */
export const hsCheckEpoch = `
CREATE FUNCTION hs_check_epoch() RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  now_system text;
  now_timeline text;
  was stream%ROWTYPE;
BEGIN
  SELECT system_identifier::text INTO now_system FROM pg_control_system();
  now_timeline := left(pg_walfile_name(pg_current_wal_lsn()), 8);
  SELECT * INTO was FROM stream;
  IF was.system_identifier = now_system AND was.timeline = now_timeline THEN
    RETURN was.tag;
  END IF;
  PERFORM pg_advisory_xact_lock(${STREAM_LOCK});
  SELECT * INTO was FROM stream;
  IF was.system_identifier = now_system AND was.timeline = now_timeline THEN
    RETURN was.tag;
  END IF;
  IF was.system_identifier IS NOT NULL THEN
    was.tag := hs_begin_epoch(was.tag,
      CASE WHEN was.system_identifier = now_system THEN 'timeline' ELSE 'cluster' END);
  END IF;
  UPDATE stream SET system_identifier = now_system, timeline = now_timeline;
  RETURN was.tag;
END $$`
