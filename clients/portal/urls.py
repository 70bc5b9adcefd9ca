"""The portal."""

from django.urls import path

from clients.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.today, name="today"),
    path("mine/", views.mine, name="mine"),
]
