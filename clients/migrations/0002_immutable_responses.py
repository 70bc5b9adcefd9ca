"""A response that was sent never changes; a draft may."""

from django.db import migrations

CREATE = """
CREATE TRIGGER response_immutable BEFORE UPDATE OR DELETE ON clients_response
  FOR EACH ROW WHEN (OLD.state = 'submitted') EXECUTE FUNCTION refuse_change();
"""
DROP = "DROP TRIGGER response_immutable ON clients_response;"


class Migration(migrations.Migration):
    dependencies = [("clients", "0001_initial"), ("audit", "0002_append_only")]
    operations = [migrations.RunSQL(CREATE, DROP)]
