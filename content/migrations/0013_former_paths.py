"""Where articles were found on the site that they came from. A table of its own: one article was found at several such addresses."""

import django.db.models.deletion
from django.db import migrations, models

import practices.identifiers


class Migration(migrations.Migration):
    dependencies = [("content", "0012_imported_rows")]
    operations = [
        migrations.CreateModel(
            name="FormerPath",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=practices.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=300)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="former_paths", to="content.article"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="formerpath",
            constraint=models.UniqueConstraint(fields=("path",), name="former_path"),
        ),
    ]
