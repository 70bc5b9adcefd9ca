"""Articles in a clinic's export, as pages that are read without any server; pictures lie beside them."""

from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from content.body.cleaning import sanitise
from content.models import Article, Comment, Picture
from content.services.exporting.rows import exported_articles, state_of, text_of, with_links, with_pictures
from content.services.pictures import MASTER, former_path_of, path_of
from practices.carrying.parts import Page, Part
from practices.models import Clinic
from practices.tenancy import clinic_origin

FOLDER = "readable/articles"


def article_pages(clinic: Clinic) -> Iterator[Page]:
    """Each article as readers see it, or as it is being written if they don't, with its comments."""
    pictures = {picture.pk: picture for picture in Picture.objects.order_by("pk")}
    origin = clinic_origin(clinic)
    for article in exported_articles():
        text = text_of(article)
        body = with_pictures(with_links(sanitise(text.body), origin), pictures, address_of)
        context = {
            "clinic": clinic,
            "style": "../style.css",
            "home": "../index.html",
            "article": article,
            "text": text,
            "state": state_of(article),
            "cover": address_of(text.cover) if text.cover else "",
            "body": mark_safe(body),  # noqa: S308 - sanitised here
            "comments": comments_of(article),
        }
        page = render_to_string("content/carried/article.html", context)
        yield Page(f"{FOLDER}/{article.slug}.html", page.encode(), title=text.title)


def address_of(picture: Picture) -> str:
    """Where its file lies in the export, seen from a page."""
    path = path_of(picture, MASTER)
    if not default_storage.exists(path):
        path = former_path_of(picture, picture.widths[-1])
    return f"../../media/{path.partition('/')[2]}"


def comments_of(article: Article) -> list[Comment]:
    return list(article.comments.all())


ARTICLES = Part("Articles", article_pages)
