"""A mail can be called off before it goes, and staff see how the last one fared."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="outboxmail",
            name="about",
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name="outboxmail",
            index=models.Index(
                condition=models.Q(("about__isnull", False)), fields=["about", "-created_at"], name="outbox_about"
            ),
        ),
    ]
