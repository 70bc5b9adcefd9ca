"""Of each week the owner is told once, whichever worker is first: an event that says so can be there once. No new table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_chain")]
    operations = [
        migrations.AddConstraint(
            "auditevent",
            models.UniqueConstraint(
                condition=models.Q(("action", "week ready")), fields=("purpose",), name="audit_one_telling_per_week"
            ),
        ),
    ]
