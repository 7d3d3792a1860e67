"""The law on contacting people as a lawyer would say it, told apart from how the gate is built.

A situation is what happened; `the_law` says what follows. Nothing here is imported from the product.
"""

import random
from dataclasses import dataclass

CONDITIONS = [
    (sale, similar, notice) for sale in (True, False) for similar in (True, False) for notice in (True, False)
]
PURPOSES = ("service", "survey", "review", "marketing", "profiling")
CHANNELS = ("email", "phone", "post")
YES = (
    "never",
    "express",
    *(("bought", *conditions) for conditions in CONDITIONS),
    "express, other purpose",
    "express, other address",
    "express, other brand",
)
NO = (
    "never",
    "withdrew",
    "objected",
    "objected, all addresses",
    "objected, other address",
    "objected, other purpose",
    "objected, other brand",
    "objected, other channel",
)
ORDER = ("no last", "yes last")
SUPPRESSED = ("no", "advertising", "all", "all, other address")
ADDRESS = ("ours", "claimed by a browser", "none")
PEOPLE = ("one record", "yes in a merged record", "no in a merged record", "no in a record parted again")
TIME = ("past", "yes to come", "no to come")
PAUSE = ("no pause", "running", "over", "running, other brand")
CIRCUMSTANCES = {
    "purpose": PURPOSES,
    "channel": CHANNELS,
    "yes": YES,
    "no": NO,
    "order": ORDER,
    "suppressed": SUPPRESSED,
    "address": ADDRESS,
    "people": PEOPLE,
    "time": TIME,
    "pause": PAUSE,
}


@dataclass(frozen=True)
class Situation:
    purpose: str
    channel: str
    yes: str | tuple[str, bool, bool, bool]
    no: str
    order: str
    suppressed: str
    address: str
    people: str
    time: str
    pause: str

    @property
    def days_since_yes(self) -> int:
        return -1 if self.time == "yes to come" else (10 if self.order == "yes last" else 20)

    @property
    def days_since_no(self) -> int:
        return -2 if self.time == "no to come" else (20 if self.order == "yes last" else 10)

    @property
    def sale_conditions(self) -> tuple[bool, bool, bool] | None:
        """From a sale of ours and no marketplace's; for own similar goods; notice given. None: nothing bought."""
        return self.yes[1:] if isinstance(self.yes, tuple) else None

    @property
    def may_be_written_down(self) -> bool:
        """A sale that lacks a condition, or concerns another channel than e-mail, is no basis at all."""
        return self.sale_conditions is None or (all(self.sale_conditions) and self.channel == "email")


# Drawn more often than the rest: with most people nothing else stands in the way, so that each rule has its say.
USUAL = {"email": 3, "express": 6, ("bought", True, True, True): 12, "no": 6, "ours": 6, "past": 3, "no pause": 3}


def some_situations(size: int, *, seed: int) -> list[Situation]:
    """Of the half million that there are, each circumstance drawn by itself."""
    draw = random.Random(seed).choices
    columns = [draw(values, [USUAL.get(value, 1) for value in values], k=size) for values in CIRCUMSTANCES.values()]
    return [Situation(*values) for values in zip(*columns, strict=True)]


def the_law(it: Situation) -> tuple[str, str]:
    """Why the person must not be contacted (empty: they may be), and the basis on which they may."""
    if it.address == "none" or (it.address == "claimed by a browser" and it.channel != "post"):
        return "no_address", ""
    if it.suppressed == "all":
        return "suppressed", ""
    if it.purpose == "service":  # Art. 6 (1) b DSGVO, whatever was objected to
        return "", "contract"
    if it.suppressed == "advertising":
        return "suppressed", ""
    if it.purpose == "profiling":  # thinking about somebody is no reason to write
        return "no_legal_basis", ""
    reason, basis = law_on_advertising(it)
    # No law, but our word: whoever asked for a pause is left alone until it is over.
    return ("paused", "") if basis and it.pause == "running" else (reason, basis)


def law_on_advertising(it: Situation) -> tuple[str, str]:
    """BGH VI ZR 225/17: asking how satisfied somebody was is advertising."""
    said_yes = it.yes == "express" and it.days_since_yes >= 0
    said_no = (
        it.no in {"withdrew", "objected", "objected, all addresses"} and it.people != "no in a record parted again"
    )
    # Art. 7 (3), 21 (2) DSGVO: a no ends it, until the same person says yes expressly, later.
    if said_no and not (said_yes and it.days_since_yes < it.days_since_no):
        return ("withdrawn" if it.no == "withdrew" else "objected"), ""
    if said_yes:
        return "", "opt_in"
    # § 7 (3) UWG: electronic mail only, all of its conditions; the fourth is that nobody objected.
    bought = it.sale_conditions is not None and all(it.sale_conditions) and it.days_since_yes >= 0
    if bought and it.channel == "email":
        return "", "existing_customer"
    # § 7 (1) UWG: letters until somebody objects.
    return ("", "post_until_objection") if it.channel == "post" else ("no_legal_basis", "")
