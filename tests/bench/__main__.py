"""`./run bench [--quick] [--part PART] [--json FILE]`: make the data, take the figures, print the table.

Exit code 1 when a figure is over its limit.
"""

import argparse
import json
import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
django.setup()

from tests.bench import scenes  # noqa: E402 - models are there only after the set-up
from tests.bench.figures import Figure, Reading  # noqa: E402

HEAD = f"{'':<52}{'seconds':>10}{'yardstick':>11}{'ratio':>8}{'limit':>8}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="all of it, smaller: about a minute")
    parser.add_argument("--part", choices=scenes.PARTS, help="only this half of it")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the rows to a file")
    parser.add_argument("--tiny", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    size = scenes.TINY if options.tiny else scenes.QUICK if options.quick else scenes.FULL
    sys.stdout.write(f"{HEAD}\n")
    figures = []
    for figure in scenes.taken(size, [options.part] if options.part else scenes.PARTS):
        sys.stdout.write(f"{line(figure)}\n")
        sys.stdout.flush()
        figures.append(figure)
    if options.json:
        options.json.write_text(json.dumps([figure.row() for figure in figures], ensure_ascii=False, indent=1) + "\n")
    return 0 if all(figure.kept for figure in figures) else 1


def line(figure: Figure | Reading) -> str:
    if isinstance(figure, Reading):
        return f"{figure.name:<52}{figure.amount:>10.4g} {figure.unit}" + (
            f" (goal: {figure.goal})" if figure.goal else ""
        )
    limit = "-" if figure.limit is None else f"{figure.limit:g}"
    times = f"{figure.seconds:>10.4f}{figure.yardstick_seconds:>11.4f}{figure.ratio:>8.2f}{limit:>8}"
    return f"{figure.name:<52}{times}{'' if figure.kept else '  over'}"


if __name__ == "__main__":
    sys.exit(main())
