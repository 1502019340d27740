"""Tables of figures, for the terminal and as Markdown."""


def ratio(theirs, ours):
    """How many times more the peer takes; what is less than half more is a tie."""
    if not ours or theirs is None:
        return "–"
    times = theirs / ours
    text = f"{times:.1f}×" if times < 100 else f"{times:.0f}×"
    return f"{text} (tie)" if 1 / 1.5 < times < 1.5 else text


def seconds(value):
    if value is None:
        return "–"
    if value < 0.1:
        return f"{value * 1000:.2f} ms"
    return f"{value:.2f} s"


def rate(value):
    if value is None:
        return "–"
    return f"{value / 1e6:.2f} M/s" if value >= 1e6 else f"{value / 1e3:.1f} k/s"


def size(value):
    return f"{value / 1e9:.2f} GB" if value >= 1e9 else f"{value / 1e6:.1f} MB"


def rate_of_bytes(value):
    return f"{value / 1e9:.1f} GB/s"


def aim(value, bound, form, at_least=False):
    """Whether an aim of the issue is met, and how far it is where not."""
    met = value >= bound if at_least else value <= bound
    if met:
        return f"{form(bound)}: met"
    far = bound / value if at_least else value / bound
    return f"{form(bound)}: missed by {far:.2f}×"


class Report:
    """Titled tables in the order they were added."""

    def __init__(self):
        self.parts = []
        self.headlines = {}  # of headlines.tsv: what the READMEs show

    def table(self, title, heads, rows, notes=()):
        lines = [f"## {title}", "", row_of(heads), row_of(["---"] * len(heads))]
        lines += [row_of(row) for row in rows]
        if notes:
            lines += ["", *notes]
        self.parts.append("\n".join(lines))
        print("\n" + "\n".join([framed(title, heads, rows), *notes]), flush=True)

    def markdown(self):
        return "\n\n".join(self.parts) + "\n"


def row_of(cells):
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def framed(title, heads, rows):
    widths = [max(len(str(row[i])) for row in [heads, *rows]) for i in range(len(heads))]
    lines = ["  ".join(str(cell).ljust(width) for cell, width in zip(row, widths)).rstrip()
             for row in [heads, *rows]]
    return "\n".join([f"== {title}", lines[0], "-" * len(lines[0]), *lines[1:]])
