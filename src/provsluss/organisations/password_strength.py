"""Passwords that somebody would guess: zxcvbn knows what has leaked, what people use, and what they make of it."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from provsluss.organisations.models import User

_SAFE = 1_000_000_000
"""Guesses: a hundred years at the login, whose limits let through some ten thousand a day."""
_LONGEST_LOOKED_AT = 72
"""The work grows with the square of the length, and what begins well is good enough."""
# What people here make passwords of, which no foreign list holds.
_OUR_WORDS = (
    "provsluss skolverket skola skolan skolor elev elever rektor lärare larare prov nationella provtjänst kommun "
    "kommunen stad huvudman lösenord losenord lösen losen hemlig hemligt hemlighet välkommen valkommen inloggning "
    "administratör administrator sverige svenska sommar sommarlov vinter höst host vår lov januari februari mars april "
    "maj juni juli augusti september oktober november december måndag tisdag onsdag torsdag fredag lördag söndag"
)


class GuessablePasswordValidator:
    """One of AUTH_PASSWORD_VALIDATORS."""

    def validate(self, password: str, user: "User | None" = None) -> None:
        """Raises ValidationError when `password` can be guessed too easily, also by who knows `user`."""
        if not password:
            return  # said by another validator, and no work for zxcvbn
        from zxcvbn import zxcvbn  # its lists take 15 MB, and passwords are seldom chosen

        about = [user.username, user.email, *user.email.split("@"), user.first_name, user.last_name] if user else []
        found = zxcvbn(password[:_LONGEST_LOOKED_AT], user_inputs=[*_OUR_WORDS.split(), *filter(None, about)])
        if found["guesses"] < _SAFE:
            raise ValidationError(
                "Lösenordet är för lätt att gissa. Välj tre eller fyra ord som inte hör ihop, "
                "utan namn, årstider, årtal och sifferrader.",
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        """What Django's own pages say."""
        return "Lösenordet får inte vara lätt att gissa."
