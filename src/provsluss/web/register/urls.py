"""Register: Inläsningar, Personer, Grupper."""

from django.urls import path
from django.views.generic import RedirectView

from provsluss.web.persons import card, lookup, pages, search, send, timeline
from provsluss.web.register import (
    groups,
    import_changes,
    import_page,
    imports,
    school_year_change,
    source_changes,
    source_page,
    sources,
)

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="imports"), name="register"),
    path("inlasningar/", imports.imports, name="imports"),
    path("inlasningar/excel/", imports.export, name="imports_export"),
    path("inlasningar/<int:pk>/", import_page.import_page, name="import"),
    path("inlasningar/<int:pk>/lage/", import_page.progress, name="import_progress"),
    path("inlasningar/<int:pk>/andringar/", import_changes.import_changes, name="import_changes"),
    path("inlasningar/<int:pk>/andringar/excel/", import_changes.export, name="import_changes_export"),
    path("inlasningar/<int:pk>/lasarsskifte/", school_year_change.page, name="school_year_change"),
    path("inlasningar/<int:pk>/lasarsskifte/excel/", school_year_change.export, name="school_year_change_export"),
    path("inlasningar/<int:pk>/las-in/", import_page.store, name="import_store"),
    path("inlasningar/<int:pk>/las-om/", import_page.read_again, name="import_read_again"),
    path("inlasningar/<int:pk>/avbryt/", import_page.discard, name="import_discard"),
    path("inlasningar/<int:pk>/excel/", import_page.export_problems, name="import_problems_export"),
    path("kallor/", sources.sources, name="sources"),
    path("kallor/ny/", source_changes.add, name="source_add"),
    path("kallor/<int:pk>/", source_page.source_page, name="source"),
    path("kallor/<int:pk>/las/", source_page.fetch, name="source_fetch"),
    path("kallor/<int:pk>/prova/", source_page.test, name="source_test"),
    path("kallor/<int:pk>/andra/", source_changes.change, name="source_change"),
    path("kallor/<int:pk>/pausa/", source_changes.pause, name="source_pause"),
    path("kallor/<int:pk>/ta-bort/", source_changes.remove, name="source_remove"),
    path("personer/", pages.persons, name="persons"),
    path("personer/excel/", pages.export, name="persons_export"),
    path("personer/sok/", search.search, name="person_search"),
    path("personer/<uuid:pk>/", card.person, name="person"),
    path("personer/<uuid:pk>/skicka/", send.send, name="person_send"),
    path("personer/<uuid:pk>/steg/", send.steps, name="person_steps"),
    path("personer/<uuid:pk>/fraga-skolverket/", lookup.lookup, name="person_lookup"),
    path("personer/<uuid:pk>/saknas/", lookup.mark_missing, name="person_mark_missing"),
    path("personer/<uuid:pk>/skickat/excel/", timeline.export, name="person_timeline_export"),
    path("personer/<uuid:pk>/personnummer/", card.reveal_civic_number, name="person_civic_number"),
    path("grupper/", groups.groups, name="groups"),
    path("grupper/excel/", groups.export, name="groups_export"),
    path("grupper/<uuid:pk>/", groups.group, name="group"),
]
