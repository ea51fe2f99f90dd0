"""The addresses of people: sign-in, accounts, persons, units."""

from django.urls import path

from people.views import signing

app_name = "people"
urlpatterns = [
    path("sign-in/", signing.SignIn.as_view(), name="login"),
    path("sign-out/", signing.SignOut.as_view(), name="logout"),
    path("password/", signing.ChangePassword.as_view(), name="password"),
    path("password/forgotten/", signing.ForgotPassword.as_view(), name="forgotten"),
    path("password/forgotten/sent/", signing.ResetSent.as_view(), name="reset_sent"),
    path("password/reset/<uidb64>/<token>/", signing.ResetPassword.as_view(), name="reset"),
]
