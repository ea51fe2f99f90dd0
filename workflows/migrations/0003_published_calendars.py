"""The lists of holidays that were published when this version was made."""

import csv
from datetime import date
from pathlib import Path

from django.db import migrations

LISTS = Path(__file__).parents[1] / "data" / "calendar.csv"


def load(apps, schema_editor):
    with LISTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    days = [
        {"day": date.fromisoformat(row["day"]), "working": row["working"] == "yes", "name": row["name"]} for row in rows
    ]
    years = {int(row["day"][:4]): row["source"] for row in rows}
    day, year = apps.get_model("workflows", "CalendarDay"), apps.get_model("workflows", "CalendarYear")
    day.objects.bulk_create([day(**values) for values in days], ignore_conflicts=True)
    year.objects.bulk_create([year(year=y, source=source) for y, source in years.items()], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("workflows", "0002_guards")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
