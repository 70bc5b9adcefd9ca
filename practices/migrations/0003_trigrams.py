"""Words are compared by groups of three letters: the extension, in a schema that is on nobody's search path."""

from django.db import migrations

CREATE = """
CREATE SCHEMA IF NOT EXISTS ext;
GRANT USAGE ON SCHEMA ext TO PUBLIC;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA ext;
"""


class Migration(migrations.Migration):
    dependencies = [("practices", "0002_clinic_key_retired_at")]
    operations = [migrations.RunSQL(CREATE, migrations.RunSQL.noop)]
