"""Ways in which a report can be made irregular: each is a change to a draft whose figures were consistent."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from .amounts import number
from .model import Figure, State


@dataclass(slots=True)
class Draft:
    """A report that is being made: figures as they ought to be until a quirk has touched them."""

    figures: dict[str, Figure]
    forms: dict[str, str | None]
    narrative: dict[str, int] = field(default_factory=dict)
    says_none: bool = False
    missing: list[str] = field(default_factory=list)

    def under(self, *prefixes: str) -> list[str]:
        """The figures' paths below any of the prefixes."""
        return [path for path in self.figures if any(f"{path}.".startswith(f"{prefix}.") for prefix in prefixes)]

    def value(self, path: str) -> int:
        """A count that is known to be a number."""
        return int(self.figures[path].value or 0)


Change = Callable[[Draft], None]


def blank(*prefixes: str) -> Change:
    """Cells that are printed and empty."""
    return _mark("blank", "", prefixes)


def dash(mark: str, *prefixes: str) -> Change:
    """Cells that print a dash or a stroke."""
    return _mark("dash", mark, prefixes)


def _mark(state: State, written: str, prefixes: tuple[str, ...]) -> Change:
    def change(draft: Draft) -> None:
        for path in draft.under(*prefixes):
            draft.figures[path] = replace(draft.figures[path], value=None, state=state, written=written)

    return change


def unprinted(*prefixes: str) -> Change:
    """A table or rows that the document does not print."""

    def change(draft: Draft) -> None:
        for path in draft.under(*prefixes):
            del draft.figures[path]
        draft.missing.extend(prefixes)
        if "t2" in prefixes:
            draft.forms["t2"] = None

    return change


def prints(path: str, figure: Figure) -> Change:
    """A cell with a text of its own."""

    def change(draft: Draft) -> None:
        draft.figures[path] = figure

    return change


def shift(by: int, *paths: str) -> Change:
    """Numbers that are wrong by so much."""

    def change(draft: Draft) -> None:
        for path in paths:
            draft.figures[path] = number(draft.value(path) + by)

    return change


def tells_received(by: int) -> Change:
    """A narrative that counts so many requests more than the table."""

    def change(draft: Draft) -> None:
        draft.says_none = False
        draft.narrative["n_requests_received"] += by

    return change


def tells_carried_in(count: int) -> Change:
    """A narrative in which so many requests were carried in, and none is carried out."""

    def change(draft: Draft) -> None:
        draft.narrative.pop("n_carried_out", None)
        draft.narrative["n_carried_in"] = count

    return change


def tells_none(draft: Draft) -> None:
    """The narrative says that no request came, whatever the table prints."""
    draft.says_none = True
    draft.narrative |= {"n_requests_received": 0}


def tells_all_open(draft: Draft) -> None:
    """The narrative counts what was carried in among what was received: no contradiction."""
    draft.narrative["n_requests_received"] = draft.value("t3.new_received.total") + draft.value("t3.carried_in.total")


def tells_nothing(draft: Draft) -> None:
    """A narrative without a number."""
    draft.narrative.clear()
    draft.says_none = False


def only_totals(draft: Draft) -> None:
    """Table three filled in its last column alone."""
    blank(*(path for path in draft.under("t3") if not path.endswith(".total")))(draft)
