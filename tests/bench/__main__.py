"""`./run bench [--quick] [--json FILE]`: make the data, take the figures, print the table; exit 1 if one is over its limit."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")

import django


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="all of it, smaller: about a minute")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the rows to a file")
    options = parser.parse_args()
    django.setup()
    rows = []
    print(f"{'':<52}{'seconds':>10}{'yardstick':>11}{'ratio':>8}{'limit':>8}")
    for figure in taken(quick=options.quick):
        limit = "-" if figure.limit is None else f"{figure.limit:g}"
        mark = "" if figure.kept else "  over"
        print(
            f"{figure.name:<52}{figure.seconds:>10.4f}{figure.yardstick_seconds:>11.4f}{figure.ratio:>8.2f}{limit:>8}{mark}",
            flush=True,
        )
        rows.append(figure)
    if options.json:
        options.json.write_text(json.dumps([figure.row() for figure in rows], ensure_ascii=False, indent=1) + "\n")
    return 0 if all(figure.kept for figure in rows) else 1


def taken(*, quick: bool) -> Iterator["Figure"]:
    from tests.bench import bureau, evaluating

    officers = 20_000 if quick else 200_000
    bureau.clear()
    actor = bureau.make(officers)
    yield from evaluating.figures(officers, actor)


if __name__ == "__main__":
    sys.exit(main())
