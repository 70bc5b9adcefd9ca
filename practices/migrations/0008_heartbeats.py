"""Since when work waits, however often it was handed out; and when the beat was last heard of."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("practices", "0007_editors_look_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "heartbeat"},
        ),
        # May be null: processes of the release before write rows without it.
        migrations.AddField(
            model_name="clinicwakeup",
            name="since",
            field=models.DateTimeField(null=True),
        ),
    ]
