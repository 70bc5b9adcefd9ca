"""Pages of the desk that are more than a list: they live on the admin site, behind its sign-in."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path

from clients.admin import assign_views, client_views, overview_views, queue_views


def desk_urls(site: AdminSite) -> list[URLPattern]:
    pages = [
        ("queue/", queue_views.queue, "queue"),
        ("queue/<uuid:pk>/", queue_views.response, "response"),
        ("queue/<uuid:pk>/review/", queue_views.review, "review"),
        ("alerts/<uuid:pk>/acknowledge/", queue_views.acknowledge, "acknowledge"),
        ("assign/", assign_views.assign, "assign"),
        ("assignments/<uuid:pk>/withdraw/", assign_views.withdraw, "withdraw"),
        ("clients/client/<uuid:pk>/page/", client_views.client, "client"),
        ("overview/", overview_views.overview, "overview"),
    ]
    return [path(route, site.admin_view(view), name=name) for route, view, name in pages]
