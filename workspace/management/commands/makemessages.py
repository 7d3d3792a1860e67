from pathlib import Path

from django.conf import settings
from django.core.management.commands import makemessages

FORM = ["--no-wrap", "--no-location"]


class Command(makemessages.Command):
    """Collects the texts as we keep them: sorted, no line numbers, dates, guesses or leftovers, so that they merge."""

    msgmerge_options = [*makemessages.Command.msgmerge_options, *FORM, "--no-fuzzy-matching", "--sort-output"]
    msgattrib_options = [*makemessages.Command.msgattrib_options, *FORM, "--sort-output"]
    xgettext_options = [*makemessages.Command.xgettext_options, *FORM]

    def write_po_file(self, potfile: str, locale: str) -> None:
        self.no_obsolete = True
        super().write_po_file(potfile, locale)
        catalogue = Path(settings.LOCALE_PATHS[0], locale, "LC_MESSAGES", "django.po")
        lines = catalogue.read_text().splitlines(keepends=True)
        catalogue.write_text("".join(line for line in lines if not line.startswith('"POT-Creation-Date')))
