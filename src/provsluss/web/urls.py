"""Every address of the web. One line a page; the page's module has the rest."""

from django.urls import include, path

urlpatterns = [
    path("konto/", include("allauth.urls")),
]
