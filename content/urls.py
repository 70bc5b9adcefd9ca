"""The public site."""

from django.urls import path

from content import views

urlpatterns = [
    path("", views.home, name="home"),
    path("articles/", views.articles, name="articles"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("pictures/<uuid:pk>-<int:width>.webp", views.picture, name="picture"),
]
