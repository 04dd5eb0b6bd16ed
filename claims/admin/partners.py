"""The keys of partners, which administrators make and revoke."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import permissions
from claims.actions.partners import make_key, revoke
from claims.admin.sources import ReadOnly
from claims.models import PartnerKey, Submission
from claims.workflow import Role

if TYPE_CHECKING:
    KeyBase = admin.ModelAdmin[PartnerKey]
else:
    KeyBase = admin.ModelAdmin


class KeyForm(forms.Form):
    partner = forms.CharField(
        label=gettext_lazy("Partner"),
        max_length=150,
        widget=forms.TextInput(attrs={"class": "vTextField", "list": "partners", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "The name that colleagues see beside what is sent in, such as dhaka-daily: letters, digits and @ . + - _. "
            "A new name makes a new partner; an existing one gets one key more."
        ),
    )
    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=50,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Such as: their web site; their archive, until the move."),
    )
    expires = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("The key works to the end of that day (UTC). Empty: until it is revoked."),
    )

    def clean_expires(self) -> datetime | None:
        day = self.cleaned_data["expires"]
        return datetime.combine(day, time.max, UTC) if day else None


def _url(key: PartnerKey) -> str:
    return reverse("admin:claims_partnerkey_change", args=[key.prefix])


class PartnerKeyAdmin(ReadOnly, KeyBase):
    """For administrators. A key is shown once, on the page that made it; revoking it is for ever."""

    list_display = ("called", "partner", "standing", "begins", "made_at", "last_used_on")
    list_display_links = None
    search_fields = ("partner__username", "name", "prefix")
    list_select_related = ("partner",)
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return permissions.can_administer(cast(User, request.user))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        page: Any = super().get_changelist_instance(request)
        page.title = capfirst(page.opts.verbose_name_plural)
        return page

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> PartnerKey | None:
        """By its prefix: the library's primary key holds its hash, which is for no address."""
        return (
            self.get_queryset(request)
            .select_related("partner", "created_by")
            .filter(prefix=object_id)
            .first()
        )

    @admin.display(description=gettext_lazy("what it is for"), ordering="name")
    def called(self, key: PartnerKey) -> str:
        return format_html('<a href="{}">{}</a>', _url(key), key.name)

    @admin.display(description=gettext_lazy("begins with"), ordering="prefix")
    def begins(self, key: PartnerKey) -> str:
        return key.prefix

    @admin.display(description=gettext_lazy("made at"), ordering="created")
    def made_at(self, key: PartnerKey) -> datetime:
        return key.created

    @admin.display(description=gettext_lazy("state"))
    def standing(self, key: PartnerKey) -> str:
        if key.revoked:
            return _("revoked")
        return _("expired") if key.has_expired else _("works")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """GET: the form. POST: the page that shows the new key, which nobody is shown again."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = KeyForm(request.POST or None)
        key, secret = None, ""
        if request.method == "POST" and form.is_valid():
            try:
                key, secret = make_key(**form.cleaned_data, by=cast(User, request.user))
            except ValidationError as fault:
                form.add_error(None, fault)
        context = {
            **self.admin_site.each_context(request),
            "title": _("A key for a partner"),
            "opts": self.opts,
            "form": form,
            "key": key,
            "secret": secret,
            "example": request.build_absolute_uri(reverse("partners:list")),
            "partners": User.objects.filter(groups__name=Role.PARTNER, is_staff=False).order_by("username"),
        }
        response = TemplateResponse(request, "admin/partner_key_add.html", context)
        add_never_cache_headers(response)
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """GET: the key, without itself. POST: it is revoked."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        key = self.get_object(request, object_id)
        if key is None:
            raise Http404("no such key")
        if request.method == "POST":
            revoke(key, by=cast(User, request.user))
            self.message_user(request, _("The key is revoked, and opens nothing any more."))
            return HttpResponseRedirect(reverse("admin:claims_partnerkey_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("A partner's key"),
            "opts": self.opts,
            "key": key,
            "standing": self.standing(key),
            "submissions": Submission.objects.filter(partner=key.partner).select_related("claim")[:10],
        }
        return TemplateResponse(request, "admin/partner_key.html", context)
