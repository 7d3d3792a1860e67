from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from customers.importing import words
from customers.importing.columns import BY_KEY, DAY, IDENTITIES, MEANINGS, NUMBER, TEXT
from customers.models import CustomerImport
from customers.models.customer_import import DateStyle, NumberStyle
from customers.table_files.cells import CellError

MOST_MEGABYTES = 200
ENCODINGS = (
    ("utf-8", _("UTF-8")),
    ("windows-1252", _("windows-1252 (Excel in Western Europe)")),
    ("utf-16", _("UTF-16")),
)
DELIMITERS = ((";", _("semicolon ;")), (",", _("comma ,")), ("\t", _("tab")), ("|", _("vertical bar |")))
DETAILS = (TEXT, NUMBER, DAY)


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("CSV or Excel file"),
        help_text=_(
            "The first row names the columns. At most 200 MB. Nothing is changed before you have seen a check."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xlsm,.xlsb,.xls,.ods,text/csv"}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if (file.size or 0) > MOST_MEGABYTES << 20:
            raise forms.ValidationError(
                _("The file has more than %(most)s MB; divide it into several."), params={"most": MOST_MEGABYTES}
            )
        return file


class DescriptionForm(forms.Form):
    """How the file is written: recognised, and confirmed by the person."""

    sheet = forms.ChoiceField(label=capfirst(_("sheet")))
    encoding = forms.ChoiceField(label=capfirst(_("encoding")), choices=ENCODINGS)
    delimiter = forms.ChoiceField(label=capfirst(_("delimiter")), choices=DELIMITERS)
    number_style = forms.ChoiceField(label=capfirst(_("numbers")), choices=NumberStyle)
    date_style = forms.ChoiceField(label=capfirst(_("dates")), choices=DateStyle)
    country = forms.CharField(label=_("Country (phones, postal codes)"), max_length=40)

    def __init__(self, data: Any = None, *, file: CustomerImport) -> None:
        names = ("sheet", "encoding", "delimiter", "number_style", "date_style", "country")
        super().__init__(data, initial={name: getattr(file, name) for name in names})
        for name in ("encoding", "delimiter") if file.is_workbook else ("sheet",):
            del self.fields[name]
        if file.is_workbook:
            self.fields["sheet"].choices = [(name, name) for name in file.sheets]  # type: ignore[attr-defined]

    def clean_country(self) -> str:
        try:
            return words.country(self.cleaned_data["country"])
        except CellError as error:
            raise forms.ValidationError(str(error)) from None


class ColumnsForm(forms.Form):
    """One field per column, and what to do with what is known already."""

    only_fill_empty = forms.BooleanField(
        label=_("Only fill what is empty"),
        required=False,
        help_text=_("Otherwise the file overwrites what it holds; empty cells never overwrite anything."),
    )

    def __init__(self, data: Any = None, *, file: CustomerImport) -> None:
        super().__init__(data, initial={"only_fill_empty": file.only_fill_empty})
        self.file = file
        for place, name in enumerate(file.header):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=name or _("Column %(number)s") % {"number": place + 1},
                choices=_choices(),
                required=False,
                initial=file.columns[place] if place < len(file.columns) else "",
            )

    @property
    def columns(self) -> list[str]:
        return [self.cleaned_data[f"column_{place}"] for place in range(len(self.file.header))]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first: dict[str, str] = {}
        for place in range(len(self.file.header)):
            name = f"column_{place}"
            key = cleaned.get(name, "")
            if key in first and not BY_KEY[key].is_repeatable:
                detail = _("“%(meaning)s” is chosen for two columns; choose it for one.")
                self.add_error(name, forms.ValidationError(detail, params={"meaning": BY_KEY[key].label}))
            elif key:
                first[key] = name
        if not self.errors and not set(first) & set(IDENTITIES):
            raise forms.ValidationError(
                _("Choose a column by which customers are found: customer number, e-mail, phone or card.")
            )
        return cleaned


def _choices() -> list[Any]:
    def group(*, of: Any) -> list[tuple[str, str]]:
        return [(it.key, capfirst(str(it.label))) for it in MEANINGS if of(it.key)]

    return [
        ("", _("Leave out")),
        (_("Finds the customer"), group(of=lambda key: key in IDENTITIES)),
        (_("Fields"), group(of=lambda key: key not in (*IDENTITIES, *DETAILS))),
        (_("Further details"), group(of=lambda key: key in DETAILS)),
    ]
