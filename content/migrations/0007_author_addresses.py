"""Authors whom there are already get the address of their page."""

from typing import Any

from django.db import migrations
from django.utils.text import slugify


def give_addresses(apps: Any, schema_editor: Any) -> None:
    Author = apps.get_model("content", "Author")
    taken = set(Author.objects.exclude(slug="").values_list("slug", flat=True))
    for author in Author.objects.filter(slug="").order_by("pk"):
        base = slugify(author.name)[:70] or "author"
        slug = next(s for s in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if s not in taken)
        taken.add(slug)
        Author.objects.filter(pk=author.pk).update(slug=slug)


class Migration(migrations.Migration):
    dependencies = [("content", "0006_article_search")]
    operations = [migrations.RunPython(give_addresses, migrations.RunPython.noop)]
