"""A clinic that was imported remembers the id that it had at first, so that it is not imported twice."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("practices", "0011_first_hour")]
    operations = [migrations.AddField("clinic", "origin", models.UUIDField(editable=False, null=True, unique=True))]
