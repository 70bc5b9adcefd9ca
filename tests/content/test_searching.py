"""Search: in the clinic's language, the title first, published words only, forgiving of spelling."""

import pytest
from django.contrib.postgres.search import SearchQuery
from django.db import connection

from content.body.cleaning import MAXIMUM_BYTES
from content.models import Article, ArticleRevision
from content.models.searching import CONFIGURATIONS, configuration_of
from content.searching import marked
from content.services.articles import keep_draft, publish_article, withdraw_article
from practices.accounts.models import User
from practices.models import Clinic
from tests import factories
from tests.harness.browsers import Browser


def search(browser: Browser, words: str) -> str:
    response = browser.get("/search/", {"q": words})
    assert response.status_code == 200
    return response.content.decode()


def found(words: str) -> list[str]:
    return [article.title for article in Article.objects.public().found_by(words, locale="en-gb")]


def test_words_are_found_in_any_of_their_forms(north: Clinic) -> None:
    factories.article(title="On worry", body="<p>They worried for years.</p>")

    assert found("worrying") == ["On worry"]
    assert found("fishing") == []


def test_a_word_in_the_title_counts_more_than_many_in_the_text(north: Clinic) -> None:
    factories.article(title="Something else", body="<p>" + "Rest is rest and rest. " * 20 + "</p>")
    factories.article(title="What is rest?", body="<p>A question.</p>")

    assert found("rest") == ["What is rest?", "Something else"]


def test_the_author_is_found_too(north: Clinic) -> None:
    factories.article(title="On rest", byline=factories.author(name="Maya Ellison"))

    assert found("ellison") == ["On rest"]


def test_markup_is_not_searched(north: Clinic) -> None:
    factories.article(title="On rest", body='<p data-prompt="marker">One <strong>two</strong></p>')

    assert found("strong") == found("marker") == found("prompt") == []
    assert found('"one two"') == ["On rest"]


def test_only_what_readers_see_is_searched(visitor: Browser, article: Article, editor: User) -> None:
    article.body = "<p>Pelicans</p>"
    keep_draft(article, by=editor, at=factories.AT)
    draft = factories.article(published=False, title="Pelicans")
    gone = factories.article(title="Pelicans gone")
    withdraw_article(gone, by=editor, at=factories.AT)

    assert found("pelicans") == []
    publish_article(article, by=editor, at=factories.AT)
    assert found("pelicans") == [article.title]
    assert found("list") == []
    assert draft.slug not in search(visitor, "pelicans")


def test_what_was_looked_for_is_marked_in_its_passage(visitor: Browser) -> None:
    factories.article(title="A title", body="<p>Tom &amp; Ann said: rest &lt;b&gt;well&lt;/b&gt;, both of you.</p>")

    page = search(visitor, "rest well")

    assert "<mark>rest</mark>" in page
    assert "Tom &amp; Ann" in page
    assert "<b>well" not in page
    assert "1 article found." in page


@pytest.mark.parametrize(
    "passage", ["<script>", "\ue000<b>\ue001", "\ue000a\ue000b\ue001", "&lt;script&gt;", "\ue001\ue000"]
)
def test_a_passage_has_no_markup_but_marks(passage: str) -> None:
    html = marked(passage)

    rest = html.replace("<mark>", "", 1).replace("</mark>", "", 1)
    assert "<" not in rest
    assert html.count("<mark>") == html.count("</mark>")


def test_a_misspelt_word_leads_to_the_nearest_titles(visitor: Browser) -> None:
    factories.article(title="When anxiety calls at night")
    factories.article(title="A good meal")

    page = search(visitor, "anixety")

    assert "Nothing found for “anixety”" in page
    assert "Did you mean" in page
    assert "When anxiety calls at night" in page
    assert "A good meal" not in page


def test_nothing_found_says_what_to_do_next(visitor: Browser) -> None:
    factories.topic(factories.article(), name="Sleep")

    page = search(visitor, "zzzz")

    assert "Try one word instead of several" in page
    assert ">Sleep</a>" in page


@pytest.mark.parametrize(
    "words",
    [
        "'",
        '"',
        "a & | !",
        ":*",
        "\\",
        "<->",
        "((",
        "%",
        "_",
        "ё" * 300,
        "\ue000",
        "a" * 5000,
        "the",
        "' OR 1=1 --",
        "🦢",
    ],
)
def test_whatever_is_typed_is_answered(visitor: Browser, article: Article, words: str) -> None:
    assert "<h1>Search</h1>" in search(visitor, words)


def test_a_page_that_is_not_there_is_404(visitor: Browser, article: Article) -> None:
    for wrong in ("2", "x", "0"):
        assert visitor.get("/search/", {"q": "rest", "page": wrong}).status_code == 404


def test_what_people_look_for_is_kept_nowhere(visitor: Browser, article: Article) -> None:
    for address in ("/search/", "/search/?q=rest"):
        response = visitor.get(address)

        assert "no-store" in response["Cache-Control"]
        assert "ETag" not in response
        assert not response.cookies
        assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_each_language_is_known_to_the_database() -> None:
    assert configuration_of("de-AT") == "german"
    assert configuration_of("EN") == "english"
    assert configuration_of("ja") == "simple"
    assert len(set(CONFIGURATIONS.values())) == len(CONFIGURATIONS)


def test_a_text_is_searched_in_the_language_of_its_clinic(north: Clinic) -> None:
    north.locale = "de-de"
    try:
        article = factories.article(title="Häuser", body="<p>Wir lebten in Häusern.</p>")
    finally:
        north.locale = "en-gb"

    assert article.revision.language == "german"
    assert [row.pk for row in Article.objects.found_by("Haus", locale="de-de")] == [article.pk]


def test_the_longest_text_can_be_published(north: Clinic) -> None:
    words = " ".join(f"wörd{number:x}" for number in range(MAXIMUM_BYTES // 11))

    article = factories.article(body=f"<p>{words}</p>")

    assert found("wörd1") == [article.title]


def test_words_are_looked_up_in_the_index(north: Clinic) -> None:
    factories.article()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    plan = ArticleRevision.objects.filter(search=SearchQuery("rest", config="english")).explain()

    assert "article_revision_search" in plan


def test_articles_about_the_same_are_suggested(north: Clinic) -> None:
    near = factories.article(title="Sleep", body="<p>Sleep, night and dreams. A night without sleep.</p>")
    far = factories.article(title="Anger", body="<p>Shouting in the kitchen about plates.</p>")
    draft = factories.article(published=False, title="Nights", body="<p>Sleep comes at night. Sleep well.</p>")

    alike = list(Article.objects.published().about_the_same_as(draft, locale="en-gb"))

    assert near in alike
    assert far not in alike
    assert list(Article.objects.about_the_same_as(Article(title="", body=""), locale="en-gb")) == []
