"""Search: what of a revision can be found, in the clinic's language, and how readers' words are matched with it."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQueryField, SearchVectorField
from django.db import models
from django.db.models import F, Func, Value
from django.db.models.expressions import Expression

# Language of a locale → configuration that every PostgreSQL has. Others are searched word by word, as written.
CONFIGURATIONS = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
PLAIN = "simple"
# A word in the title counts most, then one in the byline or excerpt, then one in the text.
WEIGHTS = ("A", "B", "B", "D")
# So many characters of a text are indexed: with these a tsvector, which may be 1 MB, never overflows.
INDEXED = 200_000
# How like a title the words must be to be taken for misspelt, from 0 to 1.
LIKE_ENOUGH = 0.3


def configuration_of(locale: str) -> str:
    """The name of PostgreSQL's text search configuration for the language of a locale."""
    return CONFIGURATIONS.get(locale.lower().partition("-")[0], PLAIN)


class SearchDocument(Func):
    """A tsvector of language, title, byline, excerpt and body. Markup is left out by PostgreSQL's own parser.

    The configuration is named by constants, since a generated column may not depend on what a name means.
    """

    output_field = SearchVectorField()

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        language, *texts = (compiler.compile(part)[0] for part in self.get_source_expressions())
        cases = " ".join(f"WHEN '{name}' THEN '{name}'::regconfig" for name in CONFIGURATIONS.values())
        configuration = f"CASE {language} {cases} ELSE '{PLAIN}'::regconfig END"
        parts = (
            f"setweight(to_tsvector({configuration}, left({text}, {INDEXED})), '{weight}')"
            for text, weight in zip(texts, WEIGHTS, strict=True)
        )
        return " || ".join(parts), []


class RevisionSearchField(models.GeneratedField):
    """The generated column by which a revision is found. What it holds changes with a migration that makes it anew."""

    def __init__(self, **kwargs: Any) -> None:
        document = SearchDocument(F("language"), F("title"), F("byline"), F("excerpt"), F("body"))
        super().__init__(**{**kwargs, "expression": document, "output_field": SearchVectorField(), "db_persist": True})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, _ = super().deconstruct()
        return name, path, args, {}


class TellingWords(Func):
    """A query for any of the words that a text says most often: what is found is about the same."""

    template = (
        "(SELECT to_tsquery('simple', string_agg(lexeme, ' | ')) FROM (SELECT lexeme"
        " FROM unnest(to_tsvector(%(expressions)s)) WHERE lexeme ~ '^[[:alpha:]]{3,}$'"
        " ORDER BY cardinality(positions) DESC, lexeme LIMIT 12) AS words)"
    )
    output_field = SearchQueryField()

    def __init__(self, text: str, *, configuration: str) -> None:
        super().__init__(Func(Value(configuration), template="%(expressions)s::regconfig"), Value(text))


class Holds(Func):
    """Whether what is searched holds what a query asks for."""

    arg_joiner = " @@ "
    template = "(%(expressions)s)"
    output_field = models.BooleanField()

    def __init__(self, searched: str, query: Expression) -> None:
        super().__init__(F(searched), query)


class WordLikeness(Func):
    """How like the words are to the nearest words of a text, from 0 to 1, by the three-letter groups they share."""

    # The extension lives in a schema of its own, which is on nobody's search path.
    function = "ext.word_similarity"
    output_field = models.FloatField()

    def __init__(self, words: str, text: Expression) -> None:
        super().__init__(Value(words), text)


class PicturesIn(Func):
    """The ids of the pictures that a revision shows: its cover, and those that its body names."""

    template = (
        "string_to_array(btrim(coalesce(%(expressions)s,"
        r" '(?:(?!/pictures/[0-9a-f-]{36}).)*(?:/pictures/([0-9a-f-]{36}))?', '\1 ', 'g')), ' ')"
    )
    arg_joiner = "::text, '') || ' ' || regexp_replace("
    output_field = ArrayField(models.TextField())


class RevisionPicturesField(models.GeneratedField):
    """The generated column by which the revisions that show a picture are found."""

    def __init__(self, **kwargs: Any) -> None:
        shown = PicturesIn(F("cover"), F("body"))
        super().__init__(**{**kwargs, "expression": shown, "output_field": PicturesIn.output_field, "db_persist": True})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, _ = super().deconstruct()
        return name, path, args, {}


class WithoutMarkup(Func):
    """A body as words; in one that was sanitised each “<” begins a tag."""

    template = "regexp_replace(%(expressions)s, '<[^>]*>', ' ', 'g')"
    output_field = models.TextField()
