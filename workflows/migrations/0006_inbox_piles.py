"""Indexes of the inbox by pile, made without holding up those who read and write it."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("workflows", "0005_channels_and_receipts")]

    operations = [
        AddIndexConcurrently(
            model_name="inboxentry",
            index=models.Index(
                condition=models.Q(("leads", True)), fields=["role", "desk", "-id"], name="inbox_desk_leads"
            ),
        ),
        AddIndexConcurrently(
            model_name="inboxentry",
            index=models.Index(condition=models.Q(("pile__isnull", False)), fields=["pile", "id"], name="inbox_pile"),
        ),
    ]
