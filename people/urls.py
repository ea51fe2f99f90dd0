"""The addresses of people: sign-in, accounts, persons, units."""

from django.urls import path

from people.views import accounts, keeping, persons, signing, stand_ins, units

app_name = "people"
urlpatterns = [
    path("sign-in/", signing.SignIn.as_view(), name="login"),
    path("sign-out/", signing.SignOut.as_view(), name="logout"),
    path("password/", signing.ChangePassword.as_view(), name="password"),
    path("password/forgotten/", signing.ForgotPassword.as_view(), name="forgotten"),
    path("password/forgotten/sent/", signing.ResetSent.as_view(), name="reset_sent"),
    path("password/reset/<uidb64>/<token>/", signing.ResetPassword.as_view(), name="reset"),
    path("account/", accounts.show, name="account"),
    path("account/tokens/new/", accounts.new_token, name="token_new"),
    path("account/tokens/<int:pk>/revoke/", accounts.end_token, name="token_revoke"),
    path("account/stand-ins/", stand_ins.mine, name="stand_ins"),
    # No badge may be one of these words, so they stand before the badges.
    path("people/", persons.search, name="search"),
    path("people/me/looks/", persons.looks, name="me_looks"),
    path("people/units/", units.show_tree, name="units"),
    path("people/units/<str:code>/access/", units.show_access, name="unit_access"),
    path("people/units/<str:code>/grant/", units.give_role, name="grant"),
    path("people/grants/<int:pk>/end/", units.take_role, name="grant_end"),
    path("people/stand-ins/<int:pk>/end/", stand_ins.end, name="stand_in_end"),
    path("people/absences/<int:pk>/end/", stand_ins.end_away, name="absence_end"),
    path("people/<str:badge>/", persons.show_record, name="record"),
    path("people/<str:badge>/move/", keeping.move, name="move"),
    path("people/<str:badge>/stand-ins/", stand_ins.of_officer, name="stand_ins_of"),
    path("people/<str:badge>/account/", keeping.keep, name="keep"),
    path("people/<str:badge>/account/open/", keeping.open_his_account, name="account_open"),
    path("people/<str:badge>/account/switch/", keeping.switch_his_account, name="account_switch"),
]
