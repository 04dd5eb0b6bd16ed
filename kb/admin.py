"""The admin's side of an aggregate root: forms that read it, and one call of an action that writes it.

Forms carry the root's version and no primary key. A save builds the action's draft out of what the forms hold, whole
sets of children included; what the action refuses is shown on the forms, with the editor's text still in them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.forms.models import BaseInlineFormSet, model_to_dict
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from kb.changelists import Peeking, Walked
from kb.lib.fields import EdtfText, LanguageTag, Lines, Prose
from kb.lib.forms import LinesField, ProseField
from kb.models import Revision, Root, StaleVersion, State
from kb.pickers import RowPicker, gather

if TYPE_CHECKING:
    RootModelForm = forms.ModelForm[Root]
    ChildModelForm = forms.ModelForm[models.Model]
    ChildrenFormSet = BaseInlineFormSet[models.Model, Root, forms.ModelForm[models.Model]]
    RootModelAdmin = admin.ModelAdmin[Root]
    Inline = admin.options.InlineModelAdmin[models.Model, Root]
else:
    RootModelForm, ChildModelForm = forms.ModelForm, forms.ModelForm
    ChildrenFormSet, RootModelAdmin, Inline = (
        BaseInlineFormSet,
        admin.ModelAdmin,
        admin.options.InlineModelAdmin,
    )

Faults = Mapping[str, Sequence[str]]
Save = Callable[..., Root]  # takes how=How
Cleaned = dict[str, Any]
REFUSED = "desk_refused"  # in a request's __dict__: what the action refused, for the forms to show
OVERRIDES: dict[type[models.Field[Any, Any]], dict[str, Any]] = {
    Prose: {"form_class": ProseField},
    Lines: {"form_class": LinesField},
    LanguageTag: {"widget": forms.TextInput(attrs={"placeholder": "bn", "size": 8})},
    EdtfText: {"widget": forms.TextInput(attrs={"class": "edtf", "placeholder": "2023-05~", "size": 14})},
}


class How(TypedDict):
    """What every saving action takes besides its draft."""

    by: User
    why: str
    ref: str | None
    expect: int | None
    state: State


class NothingChanged(Exception):
    """The forms say what the desk says already; nothing was written."""


def faults_of(fault: ValidationError) -> dict[str, list[str]]:
    """The messages of a ValidationError by the path it names, "" for none ("evidence.0.exact")."""
    if hasattr(fault, "error_dict"):
        return {
            "" if path == NON_FIELD_ERRORS else path: [str(line) for one in errors for line in one.messages]
            for path, errors in fault.error_dict.items()
        }
    return {"": list(fault.messages)}


class RootForm(RootModelForm):
    """A root's own fields, the version that was read, and why it is changed."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    next_state = forms.ChoiceField(label=_("Then it is"), required=False)
    why = forms.CharField(
        label=_("Why this change"),
        required=False,
        max_length=500,
        help_text=_("Kept in the desk's history; never public."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    refused: ClassVar[Faults] = {}
    states: ClassVar[Sequence[tuple[str, Any]]] = [(State.DRAFT.value, State.DRAFT.label)]
    aliases: ClassVar[Mapping[str, str]] = {}  # what an action calls a field → what the form calls it
    needed: ClassVar[Sequence[str]] = ()  # prose that may not stay empty, which its model field cannot say

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        choice = cast(forms.ChoiceField, self.fields["next_state"])
        choice.choices, choice.initial = self.states, self.states[0][0]
        for name in {*self.needed} & {*self.fields}:
            self.fields[name].required = True
        self.changes: list[str] = []  # what the action changed, for the log

    def clean_version(self) -> int | None:
        version: int | None = self.cleaned_data["version"]
        if self.instance.pk is not None and version is None:
            raise ValidationError(_("The form does not say which version you read: open it again."))
        return version

    def full_clean(self) -> None:
        super().full_clean()
        if not self.is_bound:
            return
        for path, lines in self.refused.items():
            name = self.aliases.get(path, path)
            known = name in self.fields
            said = list(lines) if known or not path else [f"{path}: {one}" for one in lines]
            self.add_error(name if known else None, said)


class ChildForm(ChildModelForm):
    """One child of a root, without a primary key."""

    caption = ""

    @property
    def heading(self) -> str:
        """What the row is called on the page; empty for a new one that says nothing of itself."""
        return self.caption

    @property
    def stands(self) -> bool:
        """Whether there is something in it, as opposed to an empty row offered for a new child."""
        return bool(self.caption) or (self.is_bound and self.has_changed())


class ChildFormSet(ChildrenFormSet):
    """All children of a root as one value: shown as they stand, taken as they come."""

    refused: ClassVar[Faults] = {}  # "0.exact": the first row's field; "" and "0": all of them, all of a row
    aliases: ClassVar[Mapping[str, str]] = {}

    def __init__(self, data: Any = None, files: Any = None, instance: Any = None, **kwargs: Any) -> None:
        queryset = kwargs.pop("queryset", None)
        self.standing: list[models.Model] = []
        if data is None and instance is not None and instance.pk is not None:
            rows = self.managed().all() if queryset is None else queryset
            self.standing = list(rows.filter(**{self.fk.name: instance}))
            more = kwargs.get("initial") or ()  # rows beyond those that stand, offered filled in
            kwargs["initial"] = [*(model_to_dict(child) for child in self.standing), *more]
        super().__init__(data, files, instance=instance, queryset=self.managed().none(), **kwargs)
        gather(self.form.base_fields, self._typed() if self.is_bound else self.initial_extra or ())

    def _typed(self) -> list[Cleaned]:
        """What was sent for each row, by the names of its fields."""
        prefixes = [self.add_prefix(index) for index in range(self.total_form_count())]
        return [
            {name: self.data.get(f"{prefix}-{name}") for name in self.form.base_fields} for prefix in prefixes
        ]

    def managed(self) -> models.Manager[models.Model]:
        return cast(type[models.Model], self.model)._default_manager

    def initial_form_count(self) -> int:
        return 0  # every row is a new one: the whole set is replaced

    def total_form_count(self) -> int:
        return super().total_form_count() if self.is_bound else len(self.standing) + self.extra

    def add_fields(self, form: Any, index: int | None) -> None:
        forms.BaseFormSet.add_fields(self, form, index)  # no primary key, no reference to the root

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]  # Django's, not in its stubs
        if i < len(self.standing):
            cast(ChildForm, form).caption = str(self.standing[i])
        return form

    def wanted_forms(self) -> list[forms.ModelForm[models.Model]]:
        """The rows that are to stand: filled in, and not marked to be removed."""
        return [form for form in self.forms if form.has_changed() and form not in self.deleted_forms]

    def wanted(self) -> list[Cleaned]:
        return [form.cleaned_data for form in self.wanted_forms()]

    def full_clean(self) -> None:
        super().full_clean()
        if not self.is_bound:
            return
        wanted = self.wanted_forms()
        for path, lines in self.refused.items():
            number, _dot, field = path.partition(".")
            name = self.aliases.get(field, field)
            if number.isdigit() and int(number) < len(wanted):
                form = wanted[int(number)]
                form.add_error(name if name in form.fields else None, list(lines))
            else:
                self._non_form_errors.extend(lines)  # type: ignore[attr-defined]


class Children(Inline):
    """An inline that belongs to its root: seen and edited by whoever may see and edit the root."""

    form = ChildForm
    formset = ChildFormSet
    extra = 0
    formfield_overrides = OVERRIDES
    aliases: ClassVar[Mapping[str, str]] = {}
    explanation: Any = ""  # what the rows are for, with an example
    in_order = True  # the action keeps the rows' order, so its "names.1" is the second row

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """One empty row where ?rows= asks for it: a browser without scripts has no button for more."""
        return int(request.method != "POST" and "rows" in request.GET)

    def may_edit(self, request: HttpRequest) -> bool:
        opts = self.parent_model._meta
        return any(
            request.user.has_perm(f"{opts.app_label}.{verb}_{opts.model_name}") for verb in ("change", "add")
        )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_edit(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_edit(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_edit(request)

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name in self.autocomplete_fields:
            kwargs.setdefault("widget", RowPicker(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        name = formset.get_default_prefix()
        refused: Faults = request.__dict__.get(REFUSED, {})
        formset.aliases = self.aliases
        formset.refused = {
            path.removeprefix(name).removeprefix(".") if self.in_order else "": lines
            for path, lines in refused.items()
            if path == name or path.startswith(f"{name}.")
        }
        return formset


class Rows(Children):
    template = "admin/edit_inline/rows.html"


class Cards(Children):
    template = "admin/edit_inline/cards.html"


class RootAdmin(RootModelAdmin):
    """Shows a root and its children; saves them through `save_root`, in one call of one action."""

    form: Any = RootForm
    list_display: Any = ("__str__",)
    list_filter: ClassVar[Any] = ()
    formfield_overrides = OVERRIDES
    list_per_page = 50
    show_full_result_count = False
    paginator = Peeking
    show_facets = admin.ShowFacets.NEVER

    def save_root(self, own: Cleaned, children: Mapping[str, list[Cleaned]], how: How, root: Root) -> Root:
        """Build the draft and call the action. `root` is the form's instance, unsaved for a new one."""
        raise NotImplementedError

    def save_stale(self, request: HttpRequest, stale: StaleVersion, save: Save, how: How) -> Root:
        """What to do with a form whose root has moved on: refuse it. `save` saves the form in another manner."""
        raise stale

    def next_states(self, root: Root | None) -> Sequence[tuple[str, Any]]:
        """The states that saving may lead to, the usual one first."""
        return [(state.value, state.label) for state in (State.DRAFT, State.IN_REVIEW)]

    def stale_context(self, request: HttpRequest, stale: StaleVersion) -> dict[str, Any]:
        """What the page says beside a refusal: who was faster, and when."""
        later = Revision.objects.filter(kind=stale.root.KIND, ref=stale.root.ref, version__gt=stale.expected)
        return {"stale": stale, "later": list(later.select_related("by").order_by("version"))}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Walked

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # nobody deletes; things are withdrawn

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        refused: Faults = request.__dict__.get(REFUSED, {})
        if refused:
            inlines = [one for one in self.get_inline_instances(request, obj) if isinstance(one, Children)]
            children = {one.get_formset(request, obj).get_default_prefix() for one in inlines}
            refused = {
                path: lines for path, lines in refused.items() if path.partition(".")[0] not in children
            }
        return type(form.__name__, (form,), {"refused": refused, "states": self.next_states(obj)})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        context, status = dict(extra_context or {}), 200
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except NothingChanged:
            self.message_user(request, _("Nothing had changed, so nothing was saved."), messages.INFO)
            return HttpResponseRedirect(request.get_full_path())
        except StaleVersion as stale:
            refused, status = {"": [str(stale)]}, 409
            context |= self.stale_context(request, stale)
        except ValidationError as fault:
            refused = faults_of(fault)
        # Once more over the same forms, which now say what the action refused; they do not reach it again.
        request.__dict__[REFUSED] = refused
        response = super().changeform_view(request, object_id, form_url, context)
        response.status_code = status
        return response

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Nothing: the action in `save_related` writes the root together with its children."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        instance, own = form.instance, form.cleaned_data
        how = How(
            by=cast(User, request.user),
            why=own["why"],
            ref=instance.ref if change else None,
            expect=own["version"] if change else None,
            state=State(own["next_state"] or form.states[0][0]),
        )
        children = {
            one.get_default_prefix(): one.wanted() for one in formsets if isinstance(one, ChildFormSet)
        }
        standing = own["version"]
        try:
            root = self.save_root(own, children, how, instance)
        except StaleVersion as stale:
            standing = stale.root.version
            root = self.save_stale(request, stale, partial(self.save_root, own, children, root=instance), how)
        last = Revision.objects.filter(kind=root.KIND, ref=root.ref).order_by("-version")[:2]
        now, before = last[0], last[1] if len(last) > 1 else None
        if (
            change
            and "next_state" not in form.changed_data
            and (now.version == standing or _same(now, before))
        ):
            raise NothingChanged
        form.changes = changed_parts(before, now)
        instance.pk, instance.ref, instance.version, instance.state = (
            root.pk,
            root.ref,
            root.version,
            root.state,
        )
        instance._state.adding = False

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        return [{"added": {}}] if add else [{"changed": {"fields": form.changes}}]


def _same(now: Revision, before: Revision | None) -> bool:
    return before is not None and before.body_sha256 == now.body_sha256


def changed_parts(before: Revision | None, now: Revision) -> list[str]:
    """The names of the body's parts that differ between two revisions."""
    old, new = json.loads(before.body) if before else {}, json.loads(now.body)
    return [name.replace("_", " ") for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
