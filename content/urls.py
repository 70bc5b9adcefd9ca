"""The public site."""

from django.urls import path

from content import browsing, comment_views, feeds, searching, views

urlpatterns = [
    path("", views.home, name="home"),
    path("articles/", views.articles, name="articles"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("articles/<slug:slug>/comment/", comment_views.comment, name="comment"),
    path("comments/erase/", comment_views.erase, name="erase_comment"),
    path("pictures/<uuid:pk>/", views.picture, name="picture"),
    path("pictures/<uuid:pk>/<int:edition>/<int:width>.<str:format>", views.picture_file, name="picture_file"),
    path("pictures/<uuid:pk>-<int:width>.webp", views.picture, name="former_picture"),
    path("topics/<slug:slug>/", browsing.topic, name="topic"),
    path("topics/<slug:slug>/feed.atom", feeds.topic_atom, name="topic_atom"),
    path("series/<slug:slug>/", browsing.series, name="series"),
    path("authors/<slug:slug>/", browsing.author, name="author"),
    path("archive/", browsing.archive, name="archive"),
    path("archive/<int:year>/", browsing.archive_year, name="archive_year"),
    path("archive/<int:year>/<int:month>/", browsing.archive_month, name="archive_month"),
    path("team/", browsing.team, name="team"),
    path("contact/", browsing.contact, name="contact"),
    path("search/", searching.search, name="search"),
    path("feed.atom", feeds.atom, name="atom"),
    path("feed.rss", feeds.rss, name="rss"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("robots.txt", feeds.robots, name="robots"),
]
