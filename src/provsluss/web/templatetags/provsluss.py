"""Tags and filters that every template has (a builtin library: nothing to load).

Writing:   {{ n|number }} {{ time|local_time }} {{ time|local_time:"s" }} {{ n|plural:"elev,elever" }}
           {{ person.civic_number|masked }} {{ eppn|short_eppn }} {{ name|test_title }} {{ code|school_type }}
Showing:   {% icon "ok" %} {% state_badge state %} {% tone_badge "warn" "warning" "Bör ses över" %}
           {% transfer_badge transfer %} {% job_badge job %}
           {% progress done total "Användare" %} {% environment_tag environment %} {% unit_name code names %}
Blocks:    {% notice "danger" %}…{% endnotice %}              a coloured box with an icon
           {% scroll "Lista över personer" %}<table>…{% endscroll %}   a table that scrolls inside the page
           {% filter_bar choice %}fields…{% endfilter_bar %}  a form with Filtrera and Rensa; posted=True with a search
           {% search_field "sok" choice.filters.sok %}  in the form with the id "sok-i-listan" (web/frame/searches.py)
           <tbody id="rader" {% keeps_up "rader" moves %}>    rows that are asked for anew while something goes on
           {% empty "person" "Inga personer än" %}…{% endempty %}      an empty state that says what to do
Lists:     {% sort_header choice "namn" "Namn" %} {% pagination page %}

Never write {{ object.pk }} into an attribute by hand: numbers get a thousands separator. Use {% url %}, or
|unlocalize_id.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.template import RequestContext
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from provsluss.catalogue.lookup import test_title as title_of_test
from provsluss.organisations.environments import Environment
from provsluss.ss12000.civic_number import masked as masked_civic_number
from provsluss.ss12000.code_lists import SCHOOL_TYPES
from provsluss.transfers.models import SyncJob, Transfer
from provsluss.web.frame.form_rendering import dressed_widget, is_single_check
from provsluss.web.frame.icons import ICONS
from provsluss.web.frame.searches import FORM, SEALED, passing_search
from provsluss.web.frame.states import label_of, look_of
from provsluss.web.frame.tables import PAGE, SORT, Choice
from provsluss.web.frame.worker_sign import is_held, moves, stands_still
from provsluss.wording.kinds import KIND_NAMES

register = template.Library()

_EPPN_SHOWN = 24


# --- Writing --------------------------------------------------------------------------------------------------------


@register.filter
def number(value: object) -> str:
    """12345 → "12 345" (the space does not break). Empty for None."""
    return "" if value is None or value == "" else f"{int(str(value)):,}".replace(",", "\u00a0")


@register.filter
def unlocalize_id(value: object) -> str:
    """A number as the machine writes it, for an attribute."""
    return str(value)


@register.filter
def plural(value: object, words: str) -> str:
    """1 → "1 elev", 1200 → "1 200 elever", for the words "elev,elever"."""
    one, several = words.split(",")
    count = int(str(value or 0))
    return f"{number(count)}\u00a0{one if count == 1 else several}"


@register.filter
def local_time(value: datetime | None, precision: str = "") -> str:
    """A time in Sweden as "2026-11-23 14:05"; with "s" also seconds, with "date" or "clock" only that part."""
    if value is None:
        return ""
    formats = {"s": "%Y-%m-%d %H:%M:%S", "date": "%Y-%m-%d", "clock": "%H:%M"}
    return timezone.localtime(value).strftime(formats.get(precision, "%Y-%m-%d %H:%M"))


@register.filter
def masked(civic_number: str) -> str:
    """200901272385 → "20090127-****"."""
    return masked_civic_number(civic_number or "")


@register.filter
def short_eppn(eppn: str) -> SafeString:
    """An EPPN shortened in the middle; whole when pointed at or focused, and for a screen reader."""
    if not eppn:
        return mark_safe("–")
    if len(eppn) <= _EPPN_SHOWN + 4:
        return format_html('<span class="mono">{}</span>', eppn)
    local, _, domain = eppn.partition("@")
    keep = max(_EPPN_SHOWN - len(domain) - 2, 8)
    short = f"{local[: keep - 3]}…{local[-3:]}@{domain}" if len(local) > keep else eppn
    if len(short) > _EPPN_SHOWN + 4:
        short = f"{short[: _EPPN_SHOWN - 8]}…{eppn[-9:]}"
    return format_html(
        '<span class="eppn mono" tabindex="0" title="{0}" data-whole="{0}"><span aria-hidden="true">{1}</span>'
        '<span class="ds-sr-only">{0}</span></span>',
        eppn,
        short,
    )


@register.filter
def kilobytes(size: int) -> str:
    """198 765 bytes → "199 kB". A thousand bytes each, as Skolverket's limit is counted (rules.md T6)."""
    return f"{number(size)}\u00a0byte" if size < 1000 else f"{number(round(size / 1000))}\u00a0kB"


@register.filter
def test_title(name: str) -> str:
    """GRGRMAT01_6 → "Matematik årskurs 6"."""
    return title_of_test(name)


@register.filter
def school_type(code: str) -> str:
    """GR → "Grundskola"; an unknown code stays itself."""
    return SCHOOL_TYPES.get(code, code)


# --- Showing --------------------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, title: str = "") -> SafeString:
    """The icon `name` (web/frame/icons.py). Decoration for a screen reader unless it has a `title`. Raises KeyError."""
    role = format_html('role="img" aria-label="{}"', title) if title else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" '
        'stroke-linecap="round" stroke-linejoin="round" focusable="false" data-icon="{}" {}>{}</svg>',
        name,
        role,
        mark_safe(ICONS[name]),  # noqa: S308 - our own drawings
    )


@register.simple_tag
def state_badge(state: str, next_try_at: datetime | None = None, text: str = "") -> SafeString:
    """A state as icon and words, e.g. `done_with_errors`; `text` takes the place of the usual words."""
    look = look_of(state)
    label = text or label_of(state)
    if next_try_at:
        label = f"{label} (nytt försök {local_time(next_try_at, 'clock')})"
    return format_html('<span class="state" data-tone="{}">{}<span>{}</span></span>', look.tone, icon(look.icon), label)


@register.simple_tag
def transfer_badge(transfer: Transfer, state: str = "") -> SafeString:
    """The state of a transfer (or `state`, of one provaktivitet in it). "Pågår" only where somebody is at work."""
    return _at_rest_badge(transfer) or state_badge(state or transfer.state)


@register.simple_tag
def job_badge(job: SyncJob | None, state: str = "") -> SafeString:
    """The same of a sync job; `state` is that of a step that has none yet."""
    if job is None:
        return state_badge(state)
    held = _at_rest_badge(job.transfer) if job.started_at and moves(job) else None
    return held or state_badge(job.state, job.next_try_at)


def _at_rest_badge(transfer: Transfer) -> SafeString | None:
    """What stands instead of a state that says that something goes on, where nothing does."""
    if not moves(transfer):
        return None
    if is_held(transfer):
        return tone_badge("warn", "paused", "Pausad")
    return tone_badge("warn", "waiting", "Står still") if stands_still(transfer) else None


@register.simple_tag(takes_context=True)
def keeps_up(context: RequestContext, element_id: str, while_it: object) -> SafeString:
    """The attributes of a part of a page that is asked for anew every few seconds, `while_it` is true.

    Whatever says that something goes on must also say when it does not any more.
    """
    if not while_it:
        return mark_safe("")
    return format_html(
        'data-keeps-up hx-get="{}" hx-select="#{}" hx-swap="outerHTML" hx-trigger="every 3s"',
        context["request"].get_full_path(),
        element_id,
    )


@register.simple_tag
def tone_badge(tone: str, icon_name: str, text: str) -> SafeString:
    """Icon and words in a tone (ok, warn, bad, busy, calm), for what is not a state of ours."""
    return format_html('<span class="state" data-tone="{}">{}<span>{}</span></span>', tone, icon(icon_name), text)


@register.simple_tag
def environment_tag(environment: str) -> SafeString:
    """Which of Skolverket's systems, with text, icon, colour and pattern."""
    return format_html(
        '<span class="environment" data-environment="{}">{}<span>{}</span></span>',
        environment,
        icon(environment),
        Environment(environment).label,
    )


@register.simple_tag
def progress(done: int, total: int, label: str) -> SafeString:
    """A bar; `label` says for a screen reader what moves. Without a total it moves without saying how far."""
    if not total:
        return format_html('<progress class="bar" aria-label="{}"></progress>', label)
    return format_html(
        '<progress class="bar" aria-label="{}" value="{}" max="{}"></progress>', label, str(done), str(total)
    )


@register.simple_tag
def widget(field: BoundField) -> SafeString:
    """A form field's widget in our dress (used by forms/field.html)."""
    return dressed_widget(field)


@register.simple_tag
def single_check(field: BoundField) -> bool:
    """Whether a form field is one box to tick (used by forms/field.html)."""
    return is_single_check(field)


@register.simple_tag
def unit_name(code: str, names: dict[str, str]) -> str:
    """A school unit's name, from `names` by code; the code where there is none."""
    return names.get(code) or code


@register.simple_tag
def unit_list(places: Iterable[Any], names: dict[str, str]) -> str:
    """The names of the school units of duties or enrolments, each once."""
    return ", ".join(dict.fromkeys(names.get(place.school_unit_code) or place.school_unit_code for place in places))


@register.simple_tag
def kind_name(kind: str) -> str:
    """persons → "Användare"."""
    return KIND_NAMES.get(kind, kind)


# --- Blocks ---------------------------------------------------------------------------------------------------------


@register.simple_block_tag
def notice(content: str, tone: str = "info", live: bool = False) -> SafeString:
    """A box in the tone info, success, warning or danger. `live=True`: a screen reader says it when it comes."""
    return format_html(
        '<div class="ds-alert" data-color="{}"{}>{}</div>', tone, mark_safe(' role="status"') if live else "", content
    )


@register.simple_block_tag
def scroll(content: str, label: str) -> SafeString:
    """A table that is wider than the page scrolls here, also with the keyboard."""
    return format_html('<div class="scroll" role="region" aria-label="{}" tabindex="0">{}</div>', label, content)


@register.simple_block_tag(takes_context=True)
def filter_bar(
    context: RequestContext, content: str, choice: Choice, view: str = "", posted: bool = False
) -> SafeString:
    """The form above a list: its fields are the content, its order stays as it was.

    `view` names the part of the choice that says which list is shown: it narrows nothing, and Rensa keeps it. With a
    search field it must be `posted`, and its page be a `search_page`.
    """
    is_filtered = any(value for name, value in choice.filters.items() if name != view)
    shown = {"view": view, "view_value": choice[view]} if view else {}
    return render_to_string(
        "parts/filter_bar.html",
        {"content": content, "is_filtered": is_filtered, "sort": context["request"].GET.get(SORT, ""), "SORT": SORT}
        | {"posted": posted, "here": context["request"].path, "csrf_token": context.get("csrf_token")}
        | shown,
    )


@register.inclusion_tag("parts/search_field.html", takes_context=True)
def search_field(context: RequestContext, name: str, text: str, shows_numbers: bool = False) -> dict[str, Any]:
    """The field of what is searched for. What may be a personnummer is not written in it unless it `shows_numbers`; it
    stays what is searched for until something else is written."""
    passing = passing_search(context["request"])
    return {"name": name, "text": "" if passing and not shows_numbers else text, "passing": passing, "SEALED": SEALED}


@register.simple_block_tag
def empty(content: str, icon_name: str, title: str) -> SafeString:
    """What stands where a list would be: why it is empty, and the next step."""
    return format_html(
        '<div class="empty"><span class="empty-icon">{}</span><h2 class="ds-heading" data-size="xs">{}</h2>{}</div>',
        icon(icon_name),
        title,
        content,
    )


# --- Lists ----------------------------------------------------------------------------------------------------------


@register.inclusion_tag("parts/sort_header.html", takes_context=True)
def sort_header(context: RequestContext, choice: Choice, name: str, title: str, css: str = "") -> dict[str, Any]:
    """A column's heading that orders the list; a second press turns the order."""
    is_current = choice.sort == name
    return {
        "request": context["request"],
        "title": title,
        "css": css,
        "SORT": SORT,
        "asked": f"-{name}" if is_current and not choice.descending else name,
        "direction": ("descending" if choice.descending else "ascending") if is_current else "none",
    }


@register.inclusion_tag("parts/pagination.html", takes_context=True)
def pagination(context: RequestContext, page: Page[Any], what: str = "rader") -> dict[str, Any]:
    """The pages of a list, and which rows are shown."""
    return {
        "request": context["request"],
        "page": page,
        "what": what,
        "PAGE": PAGE,
        "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "elided": page.paginator.ELLIPSIS,
    }


@register.simple_block_tag(takes_context=True)
def list_link(
    context: RequestContext, content: str, name: str, value: object, css: str = "", current: object = None
) -> SafeString:
    """To the same list in another order (`name` is SORT) or on another page (PAGE).

    A link; where the search is kept nowhere it is a button, which posts the search again.
    """
    dress = format_html(' class="{}"', css) if css else SafeString()
    here = mark_safe(' aria-current="page"') if value == current else SafeString()
    if passing_search(context["request"]):
        words = (dress, FORM, name, str(value), here, content)
        return format_html('<button{} type="submit" form="{}" name="{}" value="{}"{}>{}</button>', *words)
    query = context["request"].GET.copy()
    query.pop(PAGE, None)
    query[name] = str(value)
    return format_html('<a{} href="?{}"{}>{}</a>', dress, query.urlencode(), here, content)
