"""Sign-in pages: allauth's views, only those that are in use. There is no sign-up."""

from allauth.account import views
from allauth.mfa.base.views import authenticate
from allauth.mfa.base.views import reauthenticate as reauthenticate_with_code
from allauth.mfa.webauthn.views import reauthenticate_webauthn
from django.contrib.auth.decorators import login_required
from django.urls import path, re_path
from django.views.generic import RedirectView

from practices.accounts import account_views, again_views, invitation_views, session_views
from practices.accounts.confirm_by_code import ConfirmByCodeView
from practices.accounts.factor_views import (
    AddAppView,
    AddPasskeyView,
    ChangePasswordView,
    NewRecoveryCodesView,
    PasskeySignInView,
    RecoveryCodesView,
    RemoveAppView,
    RemovePasskeyView,
    RenamePasskeyView,
    SetPasswordView,
    WaysInView,
    remove_password,
)
from practices.accounts.setting_up import set_up

urlpatterns = [
    path("", account_views.account, name="account"),
    path("login/", views.login, name="account_login"),
    path("login/code/", views.request_login_code, name="account_request_login_code"),
    path("login/code/confirm/", views.confirm_login_code, name="account_confirm_login_code"),
    path("login/passkey/", PasskeySignInView.as_view(), name="mfa_login_webauthn"),
    path("login/second-step/", authenticate, name="mfa_authenticate"),
    path("login/set-up/", set_up, name="account_set_up"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("signup/", views.signup, name="account_signup"),
    path("invitations/<str:token>/", invitation_views.invitation, name="invitation"),
    path("photos/<uuid:pk>/", invitation_views.photo, name="staff_photo"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("reauthenticate/code/", reauthenticate_with_code, name="mfa_reauthenticate"),
    path("reauthenticate/passkey/", reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("reauthenticate/mailed-code/", ConfirmByCodeView.as_view(), name="account_confirm_by_code"),
    path("sessions/", session_views.sessions, name="account_sessions"),
    path("sessions/end/", session_views.end, name="account_end_session"),
    path("session/", session_views.clock, name="account_session_clock"),
    path("session/code/", again_views.mail, name="account_mail_code_again"),
    path("session/again/", again_views.sign_in, name="account_sign_in_again"),
    path("ways-in/", WaysInView.as_view(), name="mfa_index"),
    path("ways-in/app/add/", AddAppView.as_view(), name="mfa_activate_totp"),
    path("ways-in/app/remove/", RemoveAppView.as_view(), name="mfa_deactivate_totp"),
    path("ways-in/codes/", RecoveryCodesView.as_view(), name="mfa_view_recovery_codes"),
    path("ways-in/codes/new/", NewRecoveryCodesView.as_view(), name="mfa_generate_recovery_codes"),
    # allauth's list of passkeys is part of ways-in.
    path("ways-in/passkeys/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("ways-in/passkeys/add/", AddPasskeyView.as_view(), name="mfa_add_webauthn"),
    path("ways-in/passkeys/<int:pk>/remove/", RemovePasskeyView.as_view(), name="mfa_remove_webauthn"),
    path("ways-in/passkeys/<int:pk>/rename/", RenamePasskeyView.as_view(), name="mfa_edit_webauthn"),
    path("password/set/", login_required(SetPasswordView.as_view()), name="account_set_password"),
    path("password/remove/", remove_password, name="account_remove_password"),
    path("password/change/", login_required(ChangePasswordView.as_view()), name="account_change_password"),
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
