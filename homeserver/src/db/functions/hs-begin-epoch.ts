import { STREAM_LOCK } from './locks.ts'

/**
 * Begins a new history at the log's present end and returns its tag, which is greater than every tag
 * of this database and than `above`, the last one that a worker knows. Two restores of one backup
 * must not mint the same tag, for their tokens mean different histories; hence the random part.
 *
 * Keys that the lost end of the log had given out are still in the memory of workers and in requests
 * under way, so they are never given out again.
 */
export const hsBeginEpoch = `
CREATE FUNCTION hs_begin_epoch(above int, why text) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  spread CONSTANT int := 65536;
  gap CONSTANT int := 100000;
  was stream%ROWTYPE;
  seq text;
BEGIN
  PERFORM pg_advisory_xact_lock(${STREAM_LOCK});
  SELECT * INTO was FROM stream;
  was.tag := greatest(was.tag, above) + 1 + floor(random() * spread)::int;
  INSERT INTO epochs (tag, start_pos, reason) VALUES (was.tag, was.last_pos, why);
  UPDATE stream SET tag = was.tag;
  FOREACH seq IN ARRAY ARRAY['room_keys', pg_get_serial_sequence('users', 'key'),
    pg_get_serial_sequence('event_types', 'key'), pg_get_serial_sequence('state_keys', 'key'),
    pg_get_serial_sequence('state_lines', 'line'), pg_get_serial_sequence('devices', 'key')]
  LOOP
    PERFORM setval(seq, nextval(seq) + gap);
  END LOOP;
  RETURN was.tag;
END $$`
