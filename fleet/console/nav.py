"""The console's pages in its header: a row each, shown to those whose role lets them see it."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.people.roles import Permission, Who


@dataclass(frozen=True, slots=True)
class Link:
    """`word`: a key of `words.PAGE`. `here`: it is the page that is open."""

    word: str
    path: str
    needs: Permission
    here: bool = False


NAV = (
    Link("terminals", "/", Permission.VIEW),
    Link("nav.alarms", "/alarms", Permission.VIEW),
    Link("nav.supplies", "/supplies", Permission.VIEW),
    Link("nav.sites", "/sites", Permission.VIEW),
    Link("nav.commands", "/commands", Permission.VIEW),
    Link("nav.rollouts", "/rollouts", Permission.VIEW),
    Link("nav.cases", "/cases", Permission.VIEW),
    Link("nav.work", "/work-orders", Permission.VIEW),
    Link("nav.ratings", "/ratings", Permission.VIEW),
    Link("nav.letters", "/letters", Permission.VIEW),
    Link("nav.reports", "/reports", Permission.REPORTS),
    Link("nav.charts", "/reports/charts", Permission.REPORTS),
    Link("nav.people", "/people", Permission.ACCOUNTS),
    Link("nav.tokens", "/people/tokens", Permission.TOKENS),
    Link("nav.audit", "/audit", Permission.AUDIT),
)


def links(who: Who, path: str) -> list[Link]:
    """The longest path that fits is the page that is open."""
    seen = [link for link in NAV if who.may(link.needs)]
    fit = [link.path for link in seen if f"{path}/".startswith(link.path.rstrip("/") + "/")]
    here = max((one for one in fit if one != "/" or _first(path)), key=len, default="")
    return [Link(one.word, one.path, one.needs, one.path == here) for one in seen]


def _first(path: str) -> bool:
    return path == "/" or path.startswith("/terminals")
