"""Stock Django: its own middlewares, sessions and users, one query and a small template. As a script, makes its data.

As `startproject` leaves it, it opens a database connection for each request. With PLAIN_KEEPS_CONNECTIONS it keeps them, as we
do: what is then left of a difference is not the connection's.
"""

import os
import sys
from pathlib import Path

import dj_database_url
import django
import psycopg
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from config import env

NAME = "plain"
KEEPS = bool(os.environ.get("PLAIN_KEEPS_CONNECTIONS"))
DATABASE = dj_database_url.parse(env.database_url(), conn_max_age=600 * KEEPS, conn_health_checks=KEEPS) | {
    "NAME": NAME
}


def page(request: HttpRequest) -> HttpResponse:
    from django.contrib.auth.decorators import login_required
    from django.contrib.auth.models import Permission

    return login_required(lambda request: render(request, "plain.html", {"rows": Permission.objects.all()[:10]}))(
        request
    )


urlpatterns = [path("", page)]
settings.configure(
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    SECRET_KEY=env.secret_key(),
    DATABASES={"default": DATABASE},
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [Path(__file__).parent / "templates"],
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    USE_TZ=True,
)


def make_session() -> str:
    """A database with a user who is signed in; the key of their session."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command

    with psycopg.connect(env.database_url(), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {NAME}")
    call_command("migrate", verbosity=0)
    user = User.objects.create(username="somebody")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


if __name__ == "__main__":
    django.setup()
    Path(sys.argv[1]).write_text(make_session())
else:
    application = get_wsgi_application()
