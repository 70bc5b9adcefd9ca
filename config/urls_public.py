"""Without a clinic there is only health."""

from django.urls import path

from practices import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
