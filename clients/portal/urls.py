"""Addresses of the portal."""

from django.urls import path

from clients.portal.views.mine import mine, response
from clients.portal.views.sending import send
from clients.portal.views.today import not_now, today
from clients.portal.views.work import draft, work

app_name = "portal"
urlpatterns = [
    path("", today, name="today"),
    path("work/<uuid:pk>/", work, name="work"),
    path("work/<uuid:pk>/draft/", draft, name="draft"),
    path("work/<uuid:pk>/send/", send, name="send"),
    path("work/<uuid:pk>/not-now/", not_now, name="not_now"),
    path("mine/", mine, name="mine"),
    path("mine/<uuid:pk>/", response, name="response"),
]
