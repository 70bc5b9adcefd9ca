"""Sign-in pages: allauth's views, only those that are in use. There is no sign-up."""

from allauth.account import views
from django.urls import path, re_path
from django.views.generic import RedirectView

from practices.accounts import invitation_views

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("login/code/", views.request_login_code, name="account_request_login_code"),
    path("login/code/confirm/", views.confirm_login_code, name="account_confirm_login_code"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("signup/", views.signup, name="account_signup"),
    path("invitations/<str:token>/", invitation_views.invitation, name="invitation"),
    path("photos/<uuid:pk>/", invitation_views.photo, name="staff_photo"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    # Where allauth sends somebody who has no password: clients never do, staff choose theirs by the link in a mail.
    path("password/set/", RedirectView.as_view(pattern_name="start"), name="account_set_password"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
