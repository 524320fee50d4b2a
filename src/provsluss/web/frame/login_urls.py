"""Login, password and two-factor pages: allauth's views that we use, under Swedish addresses.

Listed one by one instead of including allauth's own list, so that no page exists that we have not made our own.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import path

urlpatterns = [
    path("logga-in/", account.login, name="account_login"),
    path("logga-ut/", account.logout, name="account_logout"),
    path("avstangt/", account.account_inactive, name="account_inactive"),
    # allauth asks for the address of sign-up; ClosedAccountAdapter keeps the page closed.
    path("nytt-konto/", account.signup, name="account_signup"),
    path("losenord/", account.password_change, name="account_change_password"),
    path("bekrafta/", account.reauthenticate, name="account_reauthenticate"),
    path("tvafaktor/", mfa.index, name="mfa_index"),
    path("tvafaktor/kod/", mfa.authenticate, name="mfa_authenticate"),
    path("tvafaktor/bekrafta/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("tvafaktor/app/sla-pa/", totp.activate_totp, name="mfa_activate_totp"),
    path("tvafaktor/app/stang-av/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("tvafaktor/reservkoder/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("tvafaktor/reservkoder/nya/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("tvafaktor/reservkoder/fil/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]
