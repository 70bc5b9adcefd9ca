"""Articles are sent for review, sent back with a note, and scheduled."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import content.workflow


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0010_pictures_of_revisions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="article",
            name="changed_by",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="note",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=600),
        ),
        migrations.AddField(
            model_name="article",
            name="publish_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="article",
            name="step",
            field=models.CharField(
                choices=[
                    (content.workflow.Step["WRITING"], ""),
                    (content.workflow.Step["IN_REVIEW"], "in review"),
                    (content.workflow.Step["SCHEDULED"], "scheduled"),
                ],
                db_default="",
                default="",
                editable=False,
                max_length=9,
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="step_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="article",
            name="step_by",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("publish_at__isnull", False), ("step", "scheduled")),
                    models.Q(models.Q(("step", "scheduled"), _negated=True), ("publish_at", None)),
                    _connector="OR",
                ),
                name="article_scheduled_has_moment",
            ),
        ),
    ]
