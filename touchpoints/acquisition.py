"""By which way somebody came, derived from the campaign and the referrer: the first rule that fits wins."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

SEARCH_ENGINES = ("google.", "bing.", "duckduckgo.", "ecosia.", "qwant.", "startpage.", "yahoo.", "yandex.", "baidu.")
SOCIAL_NETWORKS = (
    "facebook.", "instagram.", "tiktok.", "youtube.", "linkedin.", "xing.", "pinterest.", "reddit.", "twitter.",
    "x.com", "t.co", "threads.", "bsky.", "mastodon.", "whatsapp.",
)  # fmt: skip
PAID = ("cpc", "ppc", "cpm", "cpv", "paid", "display", "banner", "retargeting", "paid_social", "ads")


class Rule(NamedTuple):
    acquisition_channel: str
    mediums: Sequence[str] = ()
    hosts: Sequence[str] = ()
    channels: Sequence[str] = ()


class Rules:
    """In their order; what was asked once is remembered."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self.first_that_fits = lru_cache(maxsize=4096)(self._first_that_fits)

    def _first_that_fits(self, medium: str, host: str, channel: str) -> str:
        for rule in self._rules:
            if medium in rule.mediums or channel in rule.channels or _is_of(host, rule.hosts):
                return rule.acquisition_channel
        return ""


# What every installation starts with, and what holds where there are no rules at all.
READY = (
    Rule("paid", mediums=PAID),
    Rule("email", mediums=("email", "e-mail", "mail", "newsletter")),
    Rule("affiliate", mediums=("affiliate",)),
    Rule("social", mediums=("social", "social-network", "social-media", "sm"), hosts=SOCIAL_NETWORKS),
    Rule("organic", mediums=("organic", "seo"), hosts=SEARCH_ENGINES),
    Rule("word_of_mouth", mediums=("referral_link", "recommendation", "friend", "word_of_mouth")),
    Rule("referral", mediums=("referral",)),
    Rule("store", channels=("store",)),
    Rule("marketplace", channels=("marketplace",)),
)
READY_RULES = Rules(READY)


@lru_cache(maxsize=4)
def rules_of(text: str) -> Rules:
    """`text`: the rows of the table as JSON, in their order."""
    return Rules([Rule(*row) for row in json.loads(text)])


def acquisition_channel(
    *, medium: str | None, referrer: str, page: str, channel: str, is_visit: bool, rules: Rules = READY_RULES
) -> str:
    """Empty where nothing tells.

    `medium` is the campaign's, None without a campaign. `page` is the address that was opened: a referrer of the
    same host is internal. `channel` is the touchpoint's.
    """
    host = _host(referrer)
    if host and host == _host(page):
        host = ""
        is_visit = False
    if found := rules.first_that_fits((medium or "").strip().lower(), host, channel):
        return found
    if medium is not None:
        return "campaign"
    if host:
        return "referral"
    return "direct" if is_visit and channel in {"web", "app"} else ""


@lru_cache(maxsize=4096)
def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:  # not an address at all
        return ""


def _is_of(host: str, names: Sequence[str]) -> bool:
    """“google.” fits google.de and news.google.de, not notgoogle.de."""
    return bool(host) and any(f".{name}" in f".{host}." for name in names)
