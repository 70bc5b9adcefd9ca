"""What was published once stays as it was: answers belong to it."""

from django.db import migrations

CREATE = """
CREATE TRIGGER exercise_version_immutable BEFORE UPDATE OR DELETE ON content_exerciseversion
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER article_revision_immutable BEFORE UPDATE OR DELETE ON content_articlerevision
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
DROP = """
DROP TRIGGER article_revision_immutable ON content_articlerevision;
DROP TRIGGER exercise_version_immutable ON content_exerciseversion;
"""


class Migration(migrations.Migration):
    dependencies = [("content", "0001_initial"), ("audit", "0002_append_only")]
    operations = [migrations.RunSQL(CREATE, DROP)]
