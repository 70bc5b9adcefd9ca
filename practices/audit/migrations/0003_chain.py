"""Each event gets its place in a chain: a number, and a hash over all of it and the hash before. One new table.

The table holds a single row, the head: the place that is taken under its lock, so that there is one order. A sequence won't
do (its numbers are no order under concurrency, and run in ranges per node on Citus), nor will max(seq), which nothing locks.

The link is made at commit by a deferred constraint trigger, so the head is locked for an instant and not while a request
works. Its function runs as the owner of the tables (the app may not update an event, nor touch the head), names every
table with the schema it was fired in (schemas are renamed), and may not be put on another table by anybody else.

What is hashed: the previous hash, then a JSON array of strings (or null) in UTF-8, written by practices/audit/chain.py in
the same way: "1" (this format), seq, id, at (UTC, microseconds), actor, actor_role, action, subject_kind, subject_id,
client_id, purpose, request_id, address. The first event follows a hash of 32 zero bytes.
"""

from django.db import migrations, models

CREATE = r"""
INSERT INTO audit_auditchain (id, seq, hash) VALUES (1, 0, decode(repeat('00', 32), 'hex'));

CREATE FUNCTION audit_hash(previous bytea, seq bigint, event jsonb) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
  SELECT sha256(previous || convert_to(jsonb_build_array(
    '1', seq::text, event->>'id', to_char((event->>'at')::timestamptz, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    event->>'actor', event->>'actor_role', event->>'action', event->>'subject_kind', event->>'subject_id',
    event->>'client_id', event->>'purpose', event->>'request_id', event->>'address'
  )::text, 'UTF8'))
$$;

CREATE FUNCTION audit_link() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  head record;
  link bytea;
BEGIN
  IF NEW.seq IS NOT NULL OR NEW.hash IS NOT NULL THEN
    RAISE EXCEPTION 'INSERT refused: an event does not choose its place in the chain'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  EXECUTE format('SELECT seq + 1 AS seq, hash FROM %I.audit_auditchain FOR UPDATE', TG_TABLE_SCHEMA) INTO STRICT head;
  EXECUTE format('SELECT %I.audit_hash($1, $2, $3)', TG_TABLE_SCHEMA) INTO link USING head.hash, head.seq, to_jsonb(NEW);
  EXECUTE format('WITH moved AS (UPDATE %1$I.audit_auditchain SET seq = $1, hash = $2)'
                 ' UPDATE %1$I.audit_auditevent SET seq = $1, hash = $2 WHERE id = $3', TG_TABLE_SCHEMA)
    USING head.seq, link, NEW.id;
  RETURN NULL;
END $$;

CREATE FUNCTION audit_refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- The one change there is: audit_link gives a new event its place.
  IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 AND OLD.seq IS NULL
     AND to_jsonb(OLD) - 'seq' - 'hash' = to_jsonb(NEW) - 'seq' - 'hash' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% refused: rows of % never change', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;

REVOKE ALL ON FUNCTION audit_link(), audit_refuse_change(), audit_hash(bytea, bigint, jsonb) FROM PUBLIC;

DROP TRIGGER audit_append_only ON audit_auditevent;

DO $$
DECLARE
  head record;
  event record;
BEGIN
  SELECT * INTO head FROM audit_auditchain FOR UPDATE;
  FOR event IN SELECT * FROM audit_auditevent ORDER BY at, id LOOP
    head.seq := head.seq + 1;
    head.hash := audit_hash(head.hash, head.seq, to_jsonb(event));
    UPDATE audit_auditevent SET seq = head.seq, hash = head.hash WHERE id = event.id;
  END LOOP;
  UPDATE audit_auditchain SET seq = head.seq, hash = head.hash;
END $$;

CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_auditevent
  FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE CONSTRAINT TRIGGER audit_chained AFTER INSERT ON audit_auditevent
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_link();
CREATE TRIGGER audit_chain_kept BEFORE DELETE OR TRUNCATE ON audit_auditchain
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
DROP = """
DROP TRIGGER audit_chain_kept ON audit_auditchain;
DROP TRIGGER audit_chained ON audit_auditevent;
DROP TRIGGER audit_append_only ON audit_auditevent;
DROP FUNCTION audit_link();
DROP FUNCTION audit_refuse_change();
DROP FUNCTION audit_hash(bytea, bigint, jsonb);
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_auditevent
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [
        migrations.CreateModel(
            name="AuditChain",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField(default=0)),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="audit_chain_has_one_head"),
                ],
            },
        ),
        migrations.AddField("auditevent", "seq", models.BigIntegerField(editable=False, null=True)),
        migrations.AddField("auditevent", "hash", models.BinaryField(editable=False, max_length=32, null=True)),
        migrations.RunSQL(CREATE, DROP),
        migrations.AddConstraint(
            "auditevent", models.UniqueConstraint(fields=("seq",), name="audit_one_event_per_place")
        ),
        migrations.AddIndex("auditevent", models.Index(fields=["actor", "-at"], name="audit_actor_at")),
    ]
