"""Django's settings; what differs between machines comes from env.py."""

from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from redis.backoff import NoBackoff
from redis.retry import Retry

from config import env
from config.env import Profile
from config.log_settings import log_settings

BASE_DIR = Path(__file__).resolve().parent.parent
PROFILE = env.profile()
PRODUCTION = PROFILE == Profile.PRODUCTION
DEMO = PROFILE == Profile.DEMO
TESTING = PROFILE == Profile.TEST

DEBUG = False
SECRET_KEY = env.secret_key()
MASTER_KEY = env.master_key()
MASTER_KEY_HOOK = env.master_key_hook()
MASTER_KEY_PREVIOUS = env.previous_master_key()
# Every host is looked up in Domain, where an unknown one is 404; Django's own list adds nothing to that.
ALLOWED_HOSTS = ["*"] if not PRODUCTION else env.names("ALLOWED_HOSTS", ["*"])

# ── Apps: accounts, sessions and the admin live in the clinic's schema, never in public ──
HAS_MULTI_TYPE_TENANTS = True
MULTI_TYPE_DATABASE_FIELD = "type"
STAFF_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "practices.accounts",
    "practices.audit",
    "practices.outbox",
    "config.apps.ClinicAdminConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
TENANT_TYPES: dict[str, dict[str, Any]] = {
    "public": {
        "APPS": [
            "django_tenants",
            "practices",
            "config.apps.ConfigConfig",
            "django.contrib.staticfiles",
            "django.contrib.humanize",
            "django.forms",
            "csp",
            "django_htmx",
        ],
    },
    # READ_WITH_USER: relations of a user that nearly every page of theirs needs, read in the same query as the session.
    # WAKES: the tasks that run from the day it is opened, or is migrated to a release that has them.
    "platform": {
        "APPS": [*STAFF_APPS, "practices.console"],
        "URLCONF": "config.urls_platform",
        "READ_WITH_USER": [],
        "WAKES": ["practices.audit.tasks.watch_audit"],
    },
    "clinic": {
        "APPS": [*STAFF_APPS, "content", "clients", "django_prose_editor", "js_asset"],
        "URLCONF": "config.urls",
        "READ_WITH_USER": ["client"],
        "WAKES": [
            "practices.audit.tasks.watch_audit",
            "clients.tasks.weekly_look",
            "clients.tasks.clinicians_week",
            "clients.tasks.count_usage",
        ],
    },
}
INSTALLED_APPS = list(dict.fromkeys(app for kind in TENANT_TYPES.values() for app in kind["APPS"]))
TENANT_MODEL = "practices.Clinic"
TENANT_DOMAIN_MODEL = "practices.Domain"
TENANT_LIMIT_SET_CALLS = True
SKIP_PG_EXTRA_VALIDATION = True
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
# Else a SCRIPT_NAME header, which gunicorn believes, decides what a path means and under which one a page is kept.
FORCE_SCRIPT_NAME = ""

WEB_THREADS = env.web_threads()

MIDDLEWARE = [
    "practices.middleware.HealthMiddleware",
    "practices.middleware.ServerErrorMiddleware",
    "practices.middleware.MeasureMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "practices.middleware.ClinicMiddleware",
    # A kept page carries the headers that everything below it set.
    "content.middleware.PublicPageMiddleware",
    "practices.middleware.FairShareMiddleware",
    "practices.middleware.ClinicTimeMiddleware",
    "practices.middleware.InputGateMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "practices.accounts.middleware.OwnSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "practices.accounts.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # Innermost: what it answers instead gets every header.
    "practices.middleware.SealedMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # The admin's own templates are found after ours because practices comes first.
        "APP_DIRS": True,
        "OPTIONS": {
            # Icons and links stand in nearly every template.
            "builtins": ["practices.templatetags.look"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "practices.context.clinic",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# ── Data ──
DATABASE: dict[str, Any] = {**dj_database_url.parse(env.database_url(), conn_max_age=600, conn_health_checks=True)}
DATABASES = {
    "default": {
        **DATABASE,
        "ENGINE": "practices.postgres",
        "DISABLE_SERVER_SIDE_CURSORS": False,
        "OPTIONS": {
            **DATABASE.get("OPTIONS", {}),
            # Clinics may be at different migrations, so no prepared statement outlives its query.
            "prepare_threshold": None,
            "connect_timeout": 5,
            "options": "-c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"
            # Pages join many tables along foreign keys: to try every order takes longer than the query itself.
            " -c synchronous_commit=on -c join_collapse_limit=4",
        },
    }
}
# Whom opening a clinic gives the right to work with its rows, and whether somebody else makes the tables.
DATABASE_APP_ROLE = dj_database_url.parse(env.app_database_url())["USER"]
DATABASE_HAS_TWO_ROLES = dj_database_url.parse(env.owner_database_url())["USER"] != DATABASE_APP_ROLE
# Takes the snapshot that new clinics are made from; without it, they are made by running the migrations.
PG_DUMP = env.pg_dump()
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "practices.cache.SharedCache",
        "LOCATION": env.cache_url(),
        "KEY_FUNCTION": "django_tenants.cache.make_key",
        "REVERSE_KEY_FUNCTION": "django_tenants.cache.reverse_key",
        # A cache that is gone must not hold up a page: one more try, for a connection that went stale, then without.
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "retry": Retry(NoBackoff(), 1)},
    }
}

DATA_DIRECTORY = env.data_directory()
# One file a clinic, to which the head of its audit is added each night; see practices/audit/anchors.py.
AUDIT_ANCHORS = Path(env.optional("AUDIT_ANCHORS", str(DATA_DIRECTORY / "anchors")))
# Which clinics were erased; see practices/erasures.py. Not beside the database, whose backups would take it back too.
ERASURES = Path(env.optional("ERASURES", str(DATA_DIRECTORY / "erasures.jsonl")))
# With less than this on its disk, an installation says that it is not ready; see practices/readiness.py.
LEAST_FREE_DISK_MB = env.number("LEAST_FREE_DISK_MB", 500)
MEDIA_ROOT = DATA_DIRECTORY / "media"
MEDIA_ACCEL = env.media_accel()
# The demo's mail server drops each mail here as a file.
MAILBOX = Path(env.optional("MAILBOX", str(DATA_DIRECTORY / "mail")))
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.optional("STATIC_ROOT", str(DATA_DIRECTORY / "static")))
OBJECT_STORE = env.object_store()
STORAGES = {
    "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": OBJECT_STORE}
    if OBJECT_STORE
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PROFILE != Profile.TEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = TESTING
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000

# ── People and sessions ──
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["practices.accounts.backends.PasswordBackend"]
PASSWORD_HASHERS = ["practices.accounts.passwords.ArgonHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "practices.accounts.passwords.OwnWordsValidator"},
    {"NAME": "practices.accounts.passwords.BreachedPasswordValidator"},
]
# The ordered SHA-1 list of Have I Been Pwned, if the operator has fetched it; searched where it lies.
BREACHED_PASSWORDS_FILE = env.breached_passwords_file()
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "home"
SESSION_ENGINE = "practices.accounts.sessions"
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
SESSION_COOKIE_AGE = 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
# A code from a mail must lead back to a cookie of this very host, so no Domain attribute; __Host- needs https.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrf"
CSRF_FAILURE_VIEW = "practices.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

ACCOUNT_ADAPTER = "practices.accounts.adapter.ClinicAccountAdapter"
ACCOUNT_FORMS = {
    "login": "practices.accounts.forms.PasswordForm",
    "request_login_code": "practices.accounts.forms.ClientCodeForm",
    "reset_password": "practices.accounts.forms.StaffResetForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Addresses are sealed; we look people up by blind index in our own forms and backend.
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_USER_DISPLAY = "practices.accounts.models.display_name_of"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_CONFIRMATION_HMAC = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "request_login_code": "20/m/ip,3/m/key"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
MFA_ADAPTER = "practices.accounts.mfa_adapter.ClinicMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "practices.accounts.factor_forms.SecondStepForm",
    "authenticate_webauthn": "practices.accounts.factor_forms.SecondStepPasskeyForm",
    "reauthenticate": "practices.accounts.factor_forms.ConfirmWithCodeForm",
    "reauthenticate_webauthn": "practices.accounts.factor_forms.ConfirmWithPasskeyForm",
    "login_webauthn": "practices.accounts.factor_forms.PasskeySignInForm",
    "activate_totp": "practices.accounts.factor_forms.AppForm",
    "add_webauthn": "practices.accounts.factor_forms.AddPasskeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
# A phone's clock may be half a minute off; factor_forms sees to it that a code still works only once.
MFA_TOTP_TOLERANCE = 1
# Accounts have no e-mail rows of allauth's that could be unverified.
MFA_ALLOW_UNVERIFIED_EMAIL = True
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 0)

# New clinics are found at <name>.CLINICS_DOMAIN; with SIGN_UP=on, practices open theirs by themselves, on the platform's host.
CLINICS_DOMAIN = env.clinics_domain()
SIGN_UP = env.switch("SIGN_UP")

# ── Mail and work in the background ──
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = env.number("EMAIL_PORT", 8025)
EMAIL_HOST_USER = env.optional("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.optional("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = PRODUCTION
EMAIL_TIMEOUT = 10
MAIL_DOMAIN = env.text("MAIL_DOMAIN", "mail.localhost")
PORT = env.number("PORT", 8000)

CELERY_BROKER_URL = env.broker_url()
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    # A request must not wait for a broker that is away: one more try, at once.
    "max_retries": 1,
    "interval_start": 0,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {"dispatch-due": {"task": "practices.tasks.dispatch_due", "schedule": 5.0}}

# ── Languages and time ──
LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# ── The web surface ──
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None

LOGGING = log_settings(env.log_format())
PROCESS_TYPE = env.process_type()
METRICS_DIRECTORY = env.metrics_directory()
# Worker and beat touch it as long as they are at work, for whoever starts them anew if they are not.
LIVENESS_FILE = env.optional("LIVENESS_FILE")

SILENCED_SYSTEM_CHECKS: list[str] = []
