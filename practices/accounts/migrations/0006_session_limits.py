"""A session knows when it began and was last used, so that it can end by the clock. Sessions that are open now end."""

from typing import Any

import django.utils.timezone
from django.db import migrations, models


def end_all(apps: Any, schema_editor: Any) -> None:
    apps.get_model("accounts", "Session").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_invitations")]
    operations = [
        migrations.RunPython(end_all, migrations.RunPython.noop, elidable=True),
        migrations.AddField("session", "began_at", models.DateTimeField(default=django.utils.timezone.now)),
        migrations.AddField("session", "used_at", models.DateTimeField(default=django.utils.timezone.now)),
        migrations.AddField("session", "browser", models.CharField(blank=True, max_length=40)),
    ]
