"""Every address of the web. One line a page; the page's module has the rest."""

from django.urls import include, path

from provsluss.web import overview, switch_organisation

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("byt-huvudman/", switch_organisation.switch_organisation, name="switch_organisation"),
    path("register/", include("provsluss.web.register_urls")),
    path("register/", include("provsluss.web.access_urls")),
    path("provaktiviteter/", include("provsluss.web.test_activities_urls")),
    path("provaktiviteter/", include("provsluss.web.plan_urls")),
    path("kontroll/", include("provsluss.web.control_urls")),
    path("historik/", include("provsluss.web.history_urls")),
    path("drift/", include("provsluss.web.operations_urls")),
    path("installningar/", include("provsluss.web.settings_urls")),
    path("konto/", include("provsluss.web.login_urls")),
]

handler400 = "provsluss.web.error_pages.bad_request"
handler403 = "provsluss.web.error_pages.permission_denied"
handler404 = "provsluss.web.error_pages.page_not_found"
handler500 = "provsluss.web.error_pages.server_error"
