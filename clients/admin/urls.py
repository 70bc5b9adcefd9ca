"""Pages of the desk that are more than a list: they live on the admin site, behind its sign-in."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern


def desk_urls(site: AdminSite) -> list[URLPattern]:
    return []
