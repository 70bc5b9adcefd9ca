"""Pictures that there are already are shown in five widths too; their files are made when first asked for."""

from typing import Any

from django.db import migrations

WIDTHS = (320, 480, 800, 1200, 1600)


def widen(apps: Any, schema_editor: Any) -> None:
    Picture = apps.get_model("content", "Picture")
    for pk, width in Picture.objects.values_list("pk", "width"):
        widths = sorted({*(each for each in WIDTHS if each < width), min(width, WIDTHS[-1])})
        Picture.objects.filter(pk=pk).update(widths=widths)


class Migration(migrations.Migration):
    dependencies = [("content", "0008_picture_editions_and_focus")]
    operations = [migrations.RunPython(widen, migrations.RunPython.noop)]
