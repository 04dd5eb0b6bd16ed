"""What is asked when a source is captured from the desk: one document, and what an editor knows of it."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.actions import captures
from claims.actions.arrivals import Arrival
from claims.capturing.documents import IN_A_REQUEST, LARGEST, read
from claims.capturing.sniffing import Unreadable
from claims.models import SourceType
from kb.lib import net
from kb.lib.text import HostileText, check_url, language_tag, unix_lines

MOST_PASTED: Final = 1_000_000  # characters: of four bytes at most, they fit DATA_UPLOAD_MAX_MEMORY_SIZE


class CaptureForm(forms.Form):
    """One document, one of three ways, and what an editor knows of it."""

    text = forms.CharField(
        label=gettext_lazy("Or paste its text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto", "class": "vLargeTextField"}),
        help_text=gettext_lazy("At most a million characters; save a longer one as a file."),
    )
    file = forms.FileField(
        label=gettext_lazy("Or choose a file"),
        required=False,
        help_text=gettext_lazy("Plain text in UTF-8, a saved web page, or a PDF; at most 20 MB."),
    )
    address = forms.CharField(
        label=gettext_lazy("Fetch an address"),
        required=False,
        max_length=2000,
        widget=forms.URLInput(attrs={"class": "vTextField", "placeholder": "https://"}),
        help_text=gettext_lazy("This machine asks that server for the page, once, now."),
    )
    source_type = forms.ChoiceField(
        label=gettext_lazy("Type"), choices=SourceType.choices, initial=SourceType.SECONDARY
    )
    language = forms.CharField(
        label=gettext_lazy("Language"),
        required=False,
        max_length=35,
        widget=forms.TextInput(attrs={"placeholder": "bn", "size": 8}),
        help_text=gettext_lazy("Left empty, it is found from the text."),
    )
    title = forms.CharField(
        label=gettext_lazy("Title"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "vTextField", "dir": "auto"}),
        help_text=gettext_lazy("Left empty, it is the page's title, or the first line."),
    )
    url = forms.CharField(
        label=gettext_lazy("Its address"),
        required=False,
        max_length=2000,
        widget=forms.URLInput(attrs={"class": "vTextField", "placeholder": "https://"}),
        help_text=gettext_lazy("Where readers find a text that was pasted or chosen here."),
    )

    WAYS = ("text", "file", "address")

    def clean_text(self) -> str:
        text = unix_lines(self.cleaned_data["text"])
        if len(text) > MOST_PASTED:  # no max_length: browsers would cut what is pasted without a word
            raise ValidationError(too_long())
        return text

    def clean_address(self) -> str:
        return _checked_address(self.cleaned_data["address"])

    def clean_url(self) -> str:
        return _checked_address(self.cleaned_data["url"])

    def clean_language(self) -> str:
        tag: str = self.cleaned_data["language"].strip()
        try:
            return language_tag(tag) if tag else ""
        except HostileText as fault:
            raise ValidationError(fault.said(_)) from fault

    def clean_file(self) -> Any:
        file: Any = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > LARGEST:
            raise ValidationError(_("The file is larger than %(most)s bytes.") % {"most": f"{LARGEST:,}"})
        return file

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        given = [way for way in self.WAYS if cleaned.get(way)]
        if len(given) != 1 and not any(way in self.errors for way in self.WAYS):
            raise ValidationError(_("Give one of these: its text, a file, or an address."))
        return cleaned

    def arrival(self) -> Arrival:
        """What was given, read; an address is fetched. Raises ValidationError for the field it came by."""
        given = self.cleaned_data
        way = next(way for way in self.WAYS if given[way])
        data, fetched_from, language = b"", "", given["language"]
        try:
            if way == "address":
                page, document = captures.fetch(
                    given["address"], guard=captures.guard(), language=language, limits=IN_A_REQUEST
                )
                data, fetched_from = page.data, page.url
            else:
                file = given["file"]
                data = given["text"].encode() if way == "text" else file.read()
                document = read(data, address=given["url"], language=language, limits=IN_A_REQUEST)
        except (net.FetchError, Unreadable) as fault:
            raise ValidationError({way: [fault.said(_)]}) from fault
        return Arrival(
            data=data,
            document=document,
            fetched_from=fetched_from,
            **{name: given[name] for name in ("source_type", "title", "language", "url")},
        )


def _checked_address(address: str) -> str:
    try:
        return check_url(address.strip()) if address.strip() else ""
    except HostileText as fault:
        raise ValidationError(fault.said(_)) from fault


def too_long() -> str:
    return _("The text is longer than %(most)s characters: save it as a file, and choose that.") % {
        "most": f"{MOST_PASTED:,}"
    }
