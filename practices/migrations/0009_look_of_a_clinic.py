"""Size of text and logo of a clinic; its colour was there before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("practices", "0008_heartbeats"),
    ]

    operations = [
        migrations.AddField(
            model_name="clinic",
            name="logo",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="clinic",
            name="logo_alt",
            field=models.CharField(blank=True, db_default="", default="", max_length=120),
        ),
        migrations.AddField(
            model_name="clinic",
            name="logo_height",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="clinic",
            name="logo_says_name",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="clinic",
            name="logo_width",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="clinic",
            name="text_size",
            field=models.CharField(
                choices=[("normal", "Normal"), ("larger", "Larger"), ("largest", "Largest")],
                db_default="normal",
                default="normal",
                max_length=7,
            ),
        ),
        migrations.AddConstraint(
            model_name="clinic",
            constraint=models.CheckConstraint(
                condition=models.Q(("text_size__in", ["normal", "larger", "largest"])), name="clinic_text_size_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="clinic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("logo", None),
                    models.Q(("logo_height__gt", 0), ("logo_width__gt", 0), models.Q(("logo_alt", ""), _negated=True)),
                    _connector="OR",
                ),
                name="clinic_logo_is_described",
            ),
        ),
    ]
