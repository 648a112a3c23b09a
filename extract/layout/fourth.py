"""Table 四 without ruling lines: a header over three levels, then one row of fifteen figures."""

from __future__ import annotations

from ..cells import is_figure
from ..labels import plain
from ..model import Cell, Grid, Place
from ..tablewords import is_upper
from .placed import cell_of, cells_of, padded
from .rows import by_figures, columns_of, figure_rows, row_of
from .runs import rounded
from .words import Strip, centre_of, clusters, joined, levels_of

FOURTH = 15  # figures of table 四's one row


def fourth(strip: Strip) -> Grid | None:
    """Table 四: a header over three levels, then one row of figures."""
    figures = [word for word in strip.words if is_figure(word.text)]
    header = [word for word in strip.words if not is_figure(word.text)]
    lower = [word for word in header if not is_upper(word.text)]
    stacks = clusters(lower)
    centres = by_figures(figures)
    if len(centres) < FOURTH:
        centres = [centre_of(cluster) for cluster in stacks]
    if len(centres) < 3:
        return None
    columns = columns_of(centres)
    gap = Cell("", True)
    apart = len(stacks) == len(centres)
    heads = stacks if apart else [[w for w in lower if columns.at(w) == index] for index in range(len(centres))]
    starts = [
        0,
        *(n + 1 for n, head in enumerate(heads[:-1]) if plain(joined(head)) in ("总计", "合计", "共计", "小计")),
    ]
    rows: list[list[Cell]] = []
    upper = [word for word in header if is_upper(word.text)]
    for line in levels_of(upper):
        row = [gap] * len(centres)
        line = sorted(line, key=lambda word: word.x0)
        begins = starts if line[0].text.startswith("行政") else starts[-len(line) :]
        for word, at in zip(line, begins, strict=False):
            row[at] = cell_of([word])
        rows.append(row)
    rows.append([cell_of(head) for head in heads])
    for line_ in figure_rows(figures, columns):
        rows.append(cells_of(row_of([], line_.words, columns), columns))
    if not figures:
        page = header[0].run.page
        bottom = max(word.run.box[3] for word in header)
        rows.append(
            [
                Cell(
                    "",
                    False,
                    Place(page=page, box=rounded((columns.edges[n], bottom, columns.edges[n + 1], bottom + 10))),
                )
                for n in range(len(centres))
            ]
        )
    return padded(rows)
