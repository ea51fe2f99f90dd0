"""The app as Django sees it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = _("能力提升")

    def ready(self) -> None:
        from people.permissions import allow
        from people.roles import Role
        from training import sheets
        from training.actions import LIST_TOPIC, confirm_by_key, content_by_key
        from training.kind import KIND
        from training.models import ClassSession, Course, EnrollmentList
        from workflows import kinds, receipts
        from workflows.channels import attachments

        kinds.register(KIND)
        allow(Role.ADMINISTRATOR, Course, ClassSession, actions=("view", "add", "change"))
        allow(Role.AUDITOR, EnrollmentList)
        attachments.attach(LIST_TOPIC, sheets.attachments)
        receipts.register(LIST_TOPIC, receipts.Listing(confirm=confirm_by_key, content=content_by_key))
