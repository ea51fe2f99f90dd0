"""What a password must be: Django's checks, in our words."""

from django.contrib.auth import password_validation as checks
from django.utils.translation import gettext as _


class UnlikeTheName(checks.UserAttributeSimilarityValidator):
    def get_error_message(self) -> str:
        # Django fills in which of the account's fields it resembles.
        return _("口令与%(verbose_name)s太相近，请换一个。")


class LongEnough(checks.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return _("口令太短，至少要有 %(length)s 个字符。") % {"length": self.min_length}


class Uncommon(checks.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return _("这个口令太常见，容易被人猜到。")


class MoreThanDigits(checks.NumericPasswordValidator):
    def get_error_message(self) -> str:
        return _("口令不能全是数字。")
