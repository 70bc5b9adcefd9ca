"""Articles, pictures and exercises in the staff's workplace."""

from content.admin import articles, authors, exercises, pictures, shelves

__all__ = ["articles", "authors", "exercises", "pictures", "shelves"]
