"""Articles, comments, pictures and exercises."""

from content.models.articles import Article, ArticleRevision, Author, FormerAddress, FormerPath
from content.models.comments import Comment, CommentSettings
from content.models.exercises import Exercise, ExerciseVersion
from content.models.imports import ContentImport, ImportedRow
from content.models.pictures import Picture
from content.models.shelves import Series, Topic

__all__ = [
    "Article",
    "ArticleRevision",
    "Author",
    "Comment",
    "CommentSettings",
    "ContentImport",
    "Exercise",
    "ExerciseVersion",
    "FormerAddress",
    "FormerPath",
    "ImportedRow",
    "Picture",
    "Series",
    "Topic",
]
