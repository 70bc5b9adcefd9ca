"""Which pictures a published revision shows is looked up, not searched for in every text."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

import content.models.searching


class Migration(migrations.Migration):
    dependencies = [("content", "0009_five_widths")]
    operations = [
        migrations.AddField(
            model_name="articlerevision",
            name="pictures",
            field=content.models.searching.RevisionPicturesField(),
        ),
        migrations.AddIndex(
            model_name="articlerevision",
            index=GinIndex(fields=["pictures"], name="article_revision_pictures"),
        ),
    ]
