"""Pages as a browser without JavaScript holds them: the forms on them, with what they would send."""

from dataclasses import dataclass, field
from typing import Any

import html5lib


@dataclass
class PageForm:
    """A form on a page: where it is sent, and its fields with what stands in them."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def sent(self, **typed: Any) -> dict[str, list[str]]:
        """Return what is sent when this was typed; a name that is no field of the form is a mistake of the test."""
        unknown = typed.keys() - self.fields.keys() - {name for name, _ in self.buttons}
        assert not unknown, f"no such field: {sorted(unknown)}; there are {sorted(self.fields)}"
        return self.fields | {name: value if isinstance(value, list) else [value] for name, value in typed.items()}


def forms_on(html: str) -> list[PageForm]:
    """Read the forms of a page, in order."""
    tree = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)
    return [_form(element) for element in tree.iter("form")]


def form_on(html: str, *, having: str) -> PageForm:
    """Find the form with a field or a button of this name."""
    found = [form for form in forms_on(html) if having in form.fields or having in dict(form.buttons)]
    assert found, f"no form with {having!r}; there are {[sorted(form.fields) for form in forms_on(html)]}"
    return found[0]


def _form(element: Any) -> PageForm:
    form = PageForm(element.get("action") or "")
    for one in element.iter():
        name = one.get("name")
        if not name or one.get("disabled") is not None:
            continue
        if one.tag == "textarea":
            form.fields[name] = [(one.text or "").removeprefix("\n")]
        elif one.tag == "select":
            options = list(one.iter("option"))
            chosen = [option for option in options if option.get("selected") is not None] or options[:1]
            form.fields[name] = [option.get("value", option.text or "") for option in chosen]
        elif one.tag == "button":
            form.buttons.append((name, one.get("value", "")))
        elif one.tag == "input":
            _read_input(form, one, name)
    return form


def _read_input(form: PageForm, one: Any, name: str) -> None:
    values = form.fields.setdefault(name, [])
    if one.get("type") in ("radio", "checkbox"):
        if one.get("checked") is not None:
            values.append(one.get("value", "on"))
    elif one.get("type") not in ("file", "submit"):
        values.append(one.get("value", ""))
