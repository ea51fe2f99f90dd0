"""Tables for the channels, what is chosen of them, and receipts."""

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_append_only"),
        ("workflows", "0004_clocks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AllowedAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("mail", "邮件域名"), ("web", "网络地址"), ("folder", "文件夹")],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                ("value", models.CharField(max_length=300, verbose_name="地址")),
                ("reason", models.CharField(max_length=200, verbose_name="理由")),
                ("added_at", models.DateTimeField(verbose_name="允许时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="停止时间")),
            ],
            options={
                "verbose_name": "允许的外部地址",
                "verbose_name_plural": "允许的外部地址",
                "ordering": ["kind", "value"],
            },
        ),
        migrations.CreateModel(
            name="CalendarEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sequence", models.PositiveIntegerField(db_default=0)),
                ("due_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="DeskChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=30)),
                ("path", models.CharField(max_length=200)),
                (
                    "to_members",
                    models.BooleanField(db_default=True, default=True, verbose_name="发给持有这一角色的每个人"),
                ),
                (
                    "mailbox",
                    models.EmailField(blank=True, db_default="", default="", max_length=254, verbose_name="部门邮箱"),
                ),
                (
                    "webhook",
                    models.URLField(blank=True, db_default="", default="", max_length=300, verbose_name="接口地址"),
                ),
                ("webhook_key", models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID())),
                ("secret_number", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("older_until", models.DateTimeField(null=True)),
                (
                    "format",
                    models.CharField(
                        choices=[("xlsx", "XLSX"), ("csv", "CSV"), ("both", "XLSX 和 CSV")],
                        db_default="xlsx",
                        default="xlsx",
                        max_length=10,
                        verbose_name="文件格式",
                    ),
                ),
                ("feed_digest", models.BinaryField(max_length=32, null=True, unique=True)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "部门消息设置",
                "verbose_name_plural": "部门消息设置",
            },
        ),
        migrations.CreateModel(
            name="Parcel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), db_index=True)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("mail", "邮件"),
                            ("calendar", "日历邮件"),
                            ("webhook", "接口推送"),
                            ("drop", "文件夹"),
                        ],
                        max_length=10,
                    ),
                ),
                ("fold", models.CharField(max_length=300)),
                ("role", models.CharField(db_default="", max_length=30)),
                ("desk", models.CharField(db_default="", max_length=200)),
                ("topic", models.CharField(db_default="", max_length=50)),
                ("digest_day", models.DateField(null=True)),
                (
                    "messages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), db_default=[], default=list, size=None
                    ),
                ),
                ("content", models.JSONField(db_default={}, default=dict)),
                ("written_at", models.DateTimeField()),
                ("available_at", models.DateTimeField()),
                ("claim", models.UUIDField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(db_default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("dead_at", models.DateTimeField(null=True)),
                ("error", models.CharField(db_default="", max_length=200)),
                ("replay_reason", models.CharField(db_default="", max_length=300)),
            ],
            options={
                "verbose_name": "投递",
                "verbose_name_plural": "投递",
            },
        ),
        migrations.CreateModel(
            name="PersonalChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mail",
                    models.CharField(
                        choices=[
                            ("single", "随到随发"),
                            ("digest", "每天 8 点汇总一封"),
                            ("none", "不发邮件，只在系统内看"),
                        ],
                        default="single",
                        max_length=10,
                        verbose_name="邮件",
                    ),
                ),
                ("calendar", models.BooleanField(db_default=False, default=False, verbose_name="期限写入日历")),
                ("feed_digest", models.BinaryField(max_length=32, null=True, unique=True)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "个人消息设置",
                "verbose_name_plural": "个人消息设置",
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=100, unique=True)),
                ("role", models.CharField(max_length=30)),
                ("desk", models.CharField(max_length=200)),
                ("line_path", models.CharField(max_length=200)),
                ("title_zh", models.CharField(max_length=200)),
                ("title_en", models.CharField(max_length=200)),
                ("link", models.CharField(max_length=200)),
                ("count", models.PositiveIntegerField()),
                ("checksum", models.CharField(max_length=64)),
                ("added", models.PositiveIntegerField(db_default=0)),
                ("removed", models.PositiveIntegerField(db_default=0)),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("wake_at", models.DateTimeField(null=True)),
                ("escalated", models.PositiveSmallIntegerField(db_default=0)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("replaced_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "回执",
                "verbose_name_plural": "回执",
            },
        ),
        migrations.CreateModel(
            name="ReceivedMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("receiver", models.CharField(max_length=100)),
                ("key", models.UUIDField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "已接收的消息",
                "verbose_name_plural": "已接收的消息",
            },
        ),
        migrations.CreateModel(
            name="RefusedAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("mail", "邮件域名"), ("web", "网络地址"), ("folder", "文件夹")], max_length=10
                    ),
                ),
                ("value", models.CharField(max_length=300)),
                ("times", models.PositiveIntegerField(db_default=1)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "被拒绝的外部地址",
                "verbose_name_plural": "被拒绝的外部地址",
            },
        ),
        migrations.AddField(
            model_name="inboxentry",
            name="leads",
            field=models.BooleanField(db_default=True),
        ),
        migrations.AddField(
            model_name="inboxentry",
            name="pile",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="allowedaddress",
            name="added_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="allowedaddress",
            name="ended_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="calendarentry",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="calendarentry",
            name="item",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="workflows.workitem",
            ),
        ),
        migrations.AddField(
            model_name="deskchoice",
            name="changed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="deskchoice",
            name="folder",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflows.allowedaddress",
                verbose_name="文件夹",
            ),
        ),
        migrations.AddField(
            model_name="parcel",
            name="account",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="parcel",
            name="replay_of",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflows.parcel",
            ),
        ),
        migrations.AddField(
            model_name="parcel",
            name="replayed_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="personalchoice",
            name="account",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="message_choice", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="receipt",
            name="confirmed_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="receivedmessage",
            constraint=models.UniqueConstraint(fields=("receiver", "key"), name="received_once"),
        ),
        migrations.AddConstraint(
            model_name="refusedaddress",
            constraint=models.UniqueConstraint(fields=("kind", "value"), name="address_refused_once"),
        ),
        migrations.AddConstraint(
            model_name="allowedaddress",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)), fields=("kind", "value"), name="address_allowed_once"
            ),
        ),
        migrations.AddIndex(
            model_name="calendarentry",
            index=models.Index(condition=models.Q(("due_at__isnull", False)), fields=["account"], name="calendar_told"),
        ),
        migrations.AddConstraint(
            model_name="calendarentry",
            constraint=models.UniqueConstraint(fields=("account", "item"), name="calendar_entry_once"),
        ),
        migrations.AddConstraint(
            model_name="deskchoice",
            constraint=models.UniqueConstraint(fields=("role", "path"), name="desk_chooses_once"),
        ),
        migrations.AddIndex(
            model_name="parcel",
            index=models.Index(
                condition=models.Q(("dead_at__isnull", True), ("sent_at__isnull", True)),
                fields=["channel", "available_at", "id"],
                name="parcel_due",
            ),
        ),
        migrations.AddIndex(
            model_name="parcel",
            index=models.Index(
                condition=models.Q(("dead_at__isnull", False), ("sent_at__isnull", True)),
                fields=["dead_at"],
                name="parcel_dead",
            ),
        ),
        migrations.AddIndex(
            model_name="parcel",
            index=models.Index(fields=["role", "desk", "channel", "-id"], name="parcel_of_desk"),
        ),
        migrations.AddIndex(
            model_name="parcel",
            index=models.Index(
                condition=models.Q(("account__isnull", False)),
                fields=["account", "channel", "-id"],
                name="parcel_of_person",
            ),
        ),
        migrations.AddIndex(
            model_name="parcel",
            index=models.Index(
                condition=models.Q(("replay_of__isnull", False)), fields=["replay_of"], name="parcel_replays"
            ),
        ),
        migrations.AddConstraint(
            model_name="parcel",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("attempts", 0), ("dead_at__isnull", True), ("replay_of__isnull", True), ("sent_at__isnull", True)
                ),
                fields=("fold",),
                name="parcel_waiting_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="parcel",
            constraint=models.UniqueConstraint(
                condition=models.Q(("digest_day__isnull", False), ("replay_of__isnull", True)),
                fields=("account", "digest_day"),
                name="digest_once_a_day",
            ),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(
                condition=models.Q(("confirmed_at__isnull", True), ("replaced_at__isnull", True)),
                fields=["role", "desk", "due_at", "id"],
                name="receipt_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(
                condition=models.Q(
                    ("confirmed_at__isnull", True), ("replaced_at__isnull", True), ("wake_at__isnull", False)
                ),
                fields=["wake_at"],
                name="receipt_wake",
            ),
        ),
    ]
