"""The only ways people, units, accounts and rights change. Each is one transaction and names its actor."""

from people.actions.accounts import close_account, open_account, remember_language, reopen_account
from people.actions.grants import end_grant, grant_role, turn_grants
from people.actions.moves import Post, move_officer, move_unit
from people.actions.registers import add_officer, add_unit, correct_officer, correct_unit
from people.actions.stand_ins import end_absence, end_stand_in, set_absence, set_stand_in
from people.actions.tokens import issue_token, revoke_token

__all__ = [
    "Post",
    "add_officer",
    "add_unit",
    "close_account",
    "correct_officer",
    "correct_unit",
    "end_absence",
    "end_grant",
    "end_stand_in",
    "grant_role",
    "issue_token",
    "move_officer",
    "move_unit",
    "open_account",
    "remember_language",
    "reopen_account",
    "revoke_token",
    "set_absence",
    "set_stand_in",
    "turn_grants",
]
