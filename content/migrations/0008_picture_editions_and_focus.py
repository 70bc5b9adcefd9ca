"""A picture's file can be replaced by another edition, and knows which of its parts must stay in sight."""

from django.db import migrations, models

PLACES = (
    *("top-left", "top", "top-right", "left", "middle", "right"),
    *("bottom-left", "bottom", "bottom-right"),
)


class Migration(migrations.Migration):
    dependencies = [("content", "0007_author_addresses")]
    operations = [
        migrations.AddField(
            model_name="picture",
            name="edition",
            field=models.PositiveIntegerField(db_default=1, default=1, editable=False),
        ),
        migrations.AddField(
            model_name="picture",
            name="focus",
            field=models.CharField(
                choices=[(place, place.replace("-", " ")) for place in PLACES],
                db_default="middle",
                default="middle",
                help_text="This part stays in sight where only a strip of the picture has room.",
                max_length=12,
                verbose_name="what matters most is at the",
            ),
        ),
    ]
