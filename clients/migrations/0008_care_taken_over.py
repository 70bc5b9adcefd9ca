"""A care relation names the one that it took over, so that a hand-over can be taken back."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0007_responses_may_be_resealed"),
    ]

    operations = [
        migrations.AddField(
            model_name="carerelation",
            name="instead_of",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="taken_over_by",
                to="clients.carerelation",
            ),
        ),
    ]
