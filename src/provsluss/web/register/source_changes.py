"""A source is added, changed, paused or removed; before it is removed, what that means is shown."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from provsluss.operations.after_import import follow_import
from provsluss.preflight.request import ask_for_control
from provsluss.register.imports.source_rows import (
    SourceProblem,
    add_source,
    brought_by,
    change_source,
    pause_source,
    remove_source,
)
from provsluss.register.models import Source, SourceState
from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.ss12000.source import SS12000
from provsluss.web.frame.request import Request
from provsluss.web.register.source_form import SourceForm, initial_of

END, HAND_OVER = "avsluta", "lamna"


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    """The form, empty. POST adds the source and goes to its page."""
    form = SourceForm(request.organisation, None, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            source = add_source(
                request.organisation,
                SS12000.name,
                form.cleaned_data["name"],
                form.given,
                form.cleaned_data["school_units"],
                request.user,
            )
        except (SourceProblem, SourceRefused) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"Källan {source.name} är tillagd. Prova anslutningen, och läs den sedan.")
            return redirect("source", source.pk)
    shown = {"form": form, "source": None}
    return render(request, "register/source_form.html", shown, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, pk: int) -> HttpResponse:
    """The form, filled in. POST changes how the source is reached and which school units it speaks for."""
    source = get_object_or_404(Source.objects.select_related("organisation"), pk=pk, kind=SS12000.name)
    initial = initial_of(source.settings, source.school_unit_codes)
    form = SourceForm(request.organisation, source.settings, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_source(source, form.given, form.cleaned_data["school_units"])
        except (SourceProblem, SourceRefused) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "Ändringarna är sparade. De gäller från nästa läsning.")
            return redirect("source", pk)
    shown = {"form": form, "source": source}
    return render(request, "register/source_form.html", shown, status=422 if form.errors else 200)


@require_POST
def pause(request: Request, pk: int) -> HttpResponse:
    """Pausa, or set going again (`igen`)."""
    source = get_object_or_404(Source, pk=pk)
    paused = "igen" not in request.POST
    if paused != (source.state == SourceState.PAUSED):
        pause_source(source, paused)
    messages.success(request, f"Källan {source.name} {'är pausad' if paused else 'läses igen'}.")
    return redirect("source", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: Request, pk: int) -> HttpResponse:
    """What it means to remove the source; POST does it: what it brought ends, or is another's from now on."""
    source = get_object_or_404(Source.objects.select_related("organisation"), pk=pk)
    others = list(Source.objects.exclude(pk=pk))
    if request.method == "POST":
        to = next((one for one in others if request.POST.get("vad") == f"{HAND_OVER}-{one.pk}"), None)
        if to is None and request.POST.get("vad") != END:
            messages.warning(request, "Välj först vad som ska hända med det som källan har läst in.")
            return redirect("source_remove", pk)
        try:
            remove_source(source, request.user, to)
        except SourceProblem as problem:
            messages.warning(request, str(problem))
            return redirect("source_remove", pk)
        follow_import(request.organisation)
        ask_for_control(request.organisation)
        what = f"Det den läst in hör nu till {to.name}." if to else "Det den läst in är avslutat i registret."
        messages.success(request, f"Källan {source.name} är borttagen. {what}")
        return redirect("sources")
    brought = brought_by(source)
    shown = {"source": source, "others": others, "brought": brought, "has_brought": any(brought.values())}
    return render(request, "register/source_remove.html", shown | {"end": END, "hand_over": HAND_OVER})
