/** Names begin with `maddyc_queue_`, so that a database may hold other things as well. Rows that change stay apart from content. */
export const schema = `
SELECT pg_advisory_xact_lock(7233193);
CREATE TABLE IF NOT EXISTS maddyc_queue_message (
  seq bigserial PRIMARY KEY,
  queue text NOT NULL,
  id text NOT NULL,
  sender text NOT NULL,
  destination text NOT NULL,
  header_size integer NOT NULL,
  size bigint NOT NULL,
  arrived_at bigint NOT NULL,
  next_at bigint NOT NULL,
  changed_at bigint NOT NULL,
  state smallint NOT NULL,
  lease text,
  message text NOT NULL
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
CREATE INDEX IF NOT EXISTS maddyc_queue_due ON maddyc_queue_message (queue, next_at, destination)
  WHERE lease IS NULL AND state = 0;
CREATE INDEX IF NOT EXISTS maddyc_queue_leased ON maddyc_queue_message (lease) WHERE lease IS NOT NULL;
CREATE TABLE IF NOT EXISTS maddyc_queue_part (
  seq bigint NOT NULL,
  part integer NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (seq, part)
) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
ALTER TABLE maddyc_queue_part ALTER COLUMN bytes SET STORAGE EXTERNAL;
CREATE TABLE IF NOT EXISTS maddyc_queue_node (
  node text PRIMARY KEY,
  alive_until timestamptz NOT NULL
);
`;

/** Listeners are told that something is due. */
export const channel = 'maddyc_queue';
