"""How forms look: Django's renderer with our templates for a form, a field and its errors."""

from typing import Any

from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.utils.safestring import SafeString, mark_safe


class FormRenderer(DjangoTemplates):
    """Set as FORM_RENDERER: `{{ form }}` and `{{ form.field.as_field_group }}` come out in our dress."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        """Error lists are a part of the field's template; everything else is Django's."""
        if template_name == "django/forms/errors/list/default.html":
            template_name = "forms/errors.html"
        return mark_safe(super().render(template_name, context, request))  # noqa: S308 - a template's output


def dressed_widget(field: BoundField) -> SafeString:
    """The field's widget with Designsystemet's class. Django ties help text and errors to it (aria-describedby)."""
    if isinstance(field.field.widget, CheckboxSelectMultiple | RadioSelect):
        return field.as_widget()
    return field.as_widget(attrs={"class": "ds-input"})


def is_single_check(field: BoundField) -> bool:
    """Whether it is one box to tick, whose label stands beside it."""
    widget = field.field.widget
    return isinstance(widget, CheckboxInput) and not isinstance(widget, CheckboxSelectMultiple)
