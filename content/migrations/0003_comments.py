"""Comments below articles. Two tables: what was sent, and one row of settings, in the clinic's schema since its key is sealed there."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import practices.identifiers
import practices.vault.fields


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0002_immutable_versions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="article",
            name="commenting",
            field=models.CharField(
                choices=[("inherit", "as the practice has set"), ("off", "off"), ("on", "on")],
                default="inherit",
                max_length=7,
                verbose_name="comments",
            ),
        ),
        migrations.CreateModel(
            name="CommentSettings",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=practices.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("only", models.BooleanField(default=True, editable=False, unique=True)),
                ("is_on", models.BooleanField(default=False)),
                ("closes_after_days", models.PositiveSmallIntegerField(blank=True, default=60, null=True)),
                ("blocked_words", models.TextField(blank=True, max_length=4000)),
                ("akismet_key", practices.vault.fields.SealedTextField(null=True, purpose="contact")),
                (
                    "akismet_notice",
                    models.TextField(
                        default="To keep out spam, your comment, the name you give, the address of this article and the time are also sent to Akismet, a service in the United States. Your internet address and your mail address are not.",
                        max_length=600,
                    ),
                ),
                ("told_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("only", True)), name="comment_settings_only_one")
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=practices.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("pseudonym", models.CharField(max_length=200)),
                ("body", models.TextField(max_length=3000)),
                ("is_by_staff", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("held", "Held"), ("approved", "Approved"), ("spam", "Spam"), ("removed", "Removed")],
                        default="held",
                        max_length=8,
                    ),
                ),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), default=list, size=None
                    ),
                ),
                ("sent_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("sender", models.BinaryField(max_length=32, null=True)),
                ("fingerprint", models.BinaryField(max_length=32)),
                ("code_index", models.BinaryField(max_length=32, unique=True)),
                (
                    "outside",
                    models.CharField(
                        blank=True,
                        choices=[("check", "Check"), ("spam", "Spam"), ("ham", "Ham")],
                        default="",
                        max_length=5,
                    ),
                ),
                ("outside_at", models.DateTimeField(null=True)),
                ("outside_tries", models.PositiveSmallIntegerField(default=0)),
                ("went_outside", models.BooleanField(default=False)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="comments", to="content.article"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "approved")), fields=["article", "sent_at"], name="comment_shown"
                    ),
                    models.Index(fields=["state", "-sent_at"], name="comment_queue"),
                    models.Index(fields=["fingerprint"], name="comment_fingerprint"),
                    models.Index(
                        condition=models.Q(("sender__isnull", False)), fields=["sent_at"], name="comment_sender"
                    ),
                    models.Index(
                        condition=models.Q(("outside_at__isnull", False)), fields=["outside_at"], name="comment_outside"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["held", "approved", "spam", "removed"])),
                        name="comment_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("state", "held")),
                            models.Q(models.Q(("state", "held"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="comment_decided_unless_held",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("pseudonym", ""), _negated=True), models.Q(("body", ""), _negated=True)
                        ),
                        name="comment_has_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outside", ""), ("outside_at", None)),
                            models.Q(models.Q(("outside", ""), _negated=True), ("outside_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="comment_outside_has_moment",
                    ),
                ],
            },
        ),
    ]
