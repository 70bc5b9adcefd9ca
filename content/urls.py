"""The public site."""

from django.urls import path

from content import comment_views, views

urlpatterns = [
    path("", views.home, name="home"),
    path("articles/", views.articles, name="articles"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("articles/<slug:slug>/comment/", comment_views.comment, name="comment"),
    path("comments/erase/", comment_views.erase, name="erase_comment"),
    path("pictures/<uuid:pk>-<int:width>.webp", views.picture, name="picture"),
]
