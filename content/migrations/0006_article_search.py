"""A published revision can be found by its words, in the language of its clinic."""

import django.contrib.postgres.indexes
from django.db import migrations, models

import content.models.searching


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0005_topics_series_addresses"),
        ("practices", "0003_trigrams"),
    ]

    operations = [
        migrations.AddField(
            model_name="articlerevision",
            name="language",
            field=models.CharField(db_default="english", default="english", max_length=12),
        ),
        migrations.AddField(
            model_name="articlerevision",
            name="search",
            field=content.models.searching.RevisionSearchField(),
        ),
        migrations.AddIndex(
            model_name="articlerevision",
            index=django.contrib.postgres.indexes.GinIndex(fields=["search"], name="article_revision_search"),
        ),
    ]
