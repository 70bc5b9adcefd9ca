"""Topics, series, what to read next, and addresses: of authors, and those that articles had before.

Five tables: what an article is about, and what goes with it, are many to many; a series has words of its own; an old address
must lead to its article for ever.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import practices.identifiers


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0004_exercise_drafts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerAddress",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=practices.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("slug", models.SlugField(max_length=80, unique=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=practices.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=120, unique=True)),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last part of its web address.",
                        max_length=80,
                        unique=True,
                        verbose_name="address",
                    ),
                ),
                (
                    "description",
                    models.CharField(
                        blank=True, help_text="One or two sentences at the top of the series’ page.", max_length=300
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "series",
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=practices.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "name",
                    models.CharField(help_text="One or two plain words: Sleep. Saying no.", max_length=60, unique=True),
                ),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last part of its web address.",
                        max_length=60,
                        unique=True,
                        verbose_name="address",
                    ),
                ),
                (
                    "description",
                    models.CharField(
                        blank=True, help_text="One or two sentences at the top of the topic’s page.", max_length=300
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="article",
            name="part",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="which part"),
        ),
        migrations.AddField(
            model_name="article",
            name="related",
            field=models.ManyToManyField(blank=True, related_name="+", to="content.article"),
        ),
        migrations.AddField(
            model_name="author",
            name="is_on_team_page",
            field=models.BooleanField(db_default=False, default=False, verbose_name="on the team page"),
        ),
        migrations.AddField(
            model_name="author",
            name="slug",
            field=models.SlugField(blank=True, db_default="", default="", max_length=80, verbose_name="address"),
        ),
        migrations.AddConstraint(
            model_name="author",
            constraint=models.UniqueConstraint(
                condition=models.Q(("slug", ""), _negated=True),
                fields=("slug",),
                name="author_slug",
                violation_error_message="Another author has this address. Choose another one.",
            ),
        ),
        migrations.AddField(
            model_name="formeraddress",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="former_addresses", to="content.article"
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="series",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="articles",
                to="content.series",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="topics",
            field=models.ManyToManyField(blank=True, related_name="articles", to="content.topic"),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("part", None), ("series", None)),
                    models.Q(("part__gte", 1), ("part__isnull", False), ("series__isnull", False)),
                    _connector="OR",
                ),
                name="article_part_is_of_a_series",
            ),
        ),
    ]
