"""Addresses of the portal."""

from django.urls import path

from clients.portal.views import slip
from clients.portal.views.mine import mine, response
from clients.portal.views.not_now import not_now
from clients.portal.views.planning import plan
from clients.portal.views.seen import seen
from clients.portal.views.sending import send
from clients.portal.views.settings import settings, welcome, withdraw
from clients.portal.views.swapping import smaller
from clients.portal.views.today import today
from clients.portal.views.work import draft, work

app_name = "portal"
urlpatterns = [
    path("", today, name="today"),
    path("occurrences/<uuid:pk>/", work, name="work"),
    path("occurrences/<uuid:pk>/draft/", draft, name="draft"),
    path("occurrences/<uuid:pk>/send/", send, name="send"),
    path("occurrences/<uuid:pk>/not-now/", not_now, name="not_now"),
    path("occurrences/<uuid:pk>/plan/", plan, name="plan"),
    path("occurrences/<uuid:pk>/smaller/", smaller, name="smaller"),
    path("slip/", slip.code, name="slip"),
    path("slip/address/", slip.address, name="slip_address"),
    path("slip/confirm/", slip.confirm, name="slip_confirm"),
    path("welcome/", welcome, name="welcome"),
    path("settings/", settings, name="settings"),
    path("settings/withdraw/", withdraw, name="withdraw_consent"),
    path("seen/", seen, name="seen"),
    path("mine/", mine, name="mine"),
    path("mine/<uuid:pk>/", response, name="response"),
]
