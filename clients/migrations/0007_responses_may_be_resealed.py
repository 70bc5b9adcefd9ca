"""A response that was sent may be sealed with another key, by the tables' owner in a rotation; nothing else of it changes.

`refuse_all_but_resealing(columns…)` lets through an UPDATE of just those columns if the role that acts owns the table and the
transaction says `practices.resealing = on`. The web's role owns no table. Looked up are catalogue tables only.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION refuse_all_but_resealing() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND current_setting('practices.resealing', true) = 'on'
    AND EXISTS (SELECT FROM pg_class JOIN pg_roles ON pg_roles.oid = relowner
                WHERE pg_class.oid = TG_RELID AND rolname = current_user)
    AND to_jsonb(NEW) - TG_ARGV = to_jsonb(OLD) - TG_ARGV
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% refused: rows of % never change', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
DROP TRIGGER response_immutable ON clients_response;
CREATE TRIGGER response_immutable BEFORE UPDATE OR DELETE ON clients_response
  FOR EACH ROW WHEN (OLD.state = 'submitted') EXECUTE FUNCTION refuse_all_but_resealing('answers', 'kept');
"""
DROP = """
DROP TRIGGER response_immutable ON clients_response;
CREATE TRIGGER response_immutable BEFORE UPDATE OR DELETE ON clients_response
  FOR EACH ROW WHEN (OLD.state = 'submitted') EXECUTE FUNCTION refuse_change();
DROP FUNCTION refuse_all_but_resealing();
"""


class Migration(migrations.Migration):
    dependencies = [("clients", "0006_printed_slips")]
    operations = [migrations.RunSQL(CREATE, DROP)]
