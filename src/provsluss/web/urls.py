"""Every address of the web. One line a page; the page's module has the rest."""

from django.urls import include, path

from provsluss.web.frame import switch_organisation
from provsluss.web.start import overview

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("byt-huvudman/", switch_organisation.switch_organisation, name="switch_organisation"),
    path("register/", include("provsluss.web.register.urls")),
    path("provaktiviteter/", include("provsluss.web.plans.urls")),
    path("historik/", include("provsluss.web.history.urls")),
    path("drift/", include("provsluss.web.operator.urls")),
    path("installningar/", include("provsluss.web.settings.urls")),
    path("", include("provsluss.web.preflight.urls")),
    path("", include("provsluss.web.removals.urls")),
    path("", include("provsluss.web.test_activities.urls")),
    path("", include("provsluss.web.visibility.urls")),
    path("konto/", include("provsluss.web.frame.login_urls")),
]

handler400 = "provsluss.web.frame.error_pages.bad_request"
handler403 = "provsluss.web.frame.error_pages.permission_denied"
handler404 = "provsluss.web.frame.error_pages.page_not_found"
handler500 = "provsluss.web.frame.error_pages.server_error"
handler429 = "provsluss.web.frame.error_pages.too_many_requests"  # ours and allauth's; Django has none
