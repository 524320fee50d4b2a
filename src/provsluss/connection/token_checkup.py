"""The link that is the token: whether the authorisation server gives us one, whose it is, or why not.

The server says "permission denied" to an unknown entity, a wrong certificate and a wrong fingerprint alike; what we
know here tells them apart.
"""

from collections.abc import Iterator, Sequence

from django.conf import settings

from provsluss.connection.check import Check, Level, right, warning, wrong
from provsluss.connection.clients import needs_certificate, tokens_for
from provsluss.organisations.environments import Environment, addresses
from provsluss.organisations.models import ClientKey, Organisation
from provsluss.provtjanst.certificates import CertificateProblem
from provsluss.provtjanst.errors import (
    CertificateRefused,
    NoToken,
    ProvtjanstError,
    TemporaryTrouble,
    TokenRefused,
    UntrustedServer,
    WrongOwner,
    WrongServer,
)
from provsluss.provtjanst.granted_tokens import TokenFacts
from provsluss.provtjanst.token_refusals import NOT_THERE, WHERE_TO_LOOK

LATER = "Försök igen om en stund. Håller det i sig, se driftinformationen hos Skolverket."
"""What to do when Skolverket's own service does not work."""


def no_answer(environment: str) -> str:
    """What to do when nobody answers in `environment`: of them all, only the simulator is ours to start."""
    if environment != Environment.SIMULATOR:
        return LATER
    return (
        f"Simulatorn på {settings.SIMULATOR_URL} svarar inte. "
        "Starta den, eller ange adressen i PROVSLUSS_SIMULATOR_URL."
    )


def check_token(organisation: Organisation, known: Sequence[Check]) -> Iterator[Check]:
    """A fresh token: one that is kept from before would say nothing of how it stands now."""
    title = "Behörighet"
    tokens = tokens_for(organisation, organisation.environment)
    tokens.forget()
    try:
        facts = tokens.facts()
    except WrongServer as problem:
        yield wrong(title, str(problem), "Jämför med nyckeln i Skolverkets beskrivning av autentiseringen.")
    except (WrongOwner, UntrustedServer) as problem:  # they say themselves what to do
        yield wrong(title, str(problem))
    except TokenRefused as problem:
        yield wrong(title, _told(problem), _why_refused(organisation, known, problem))
    except NoToken as problem:
        yield wrong(title, _told(problem), f"Försök igen om en stund. Håller det i sig: {_address(organisation)}")
    except TemporaryTrouble as problem:
        yield wrong(title, _told(problem), no_answer(organisation.environment))
    except (CertificateProblem, ProvtjanstError) as problem:
        yield wrong(title, str(problem), "Rätta först det som är fel ovan.")
    else:
        yield _whose(organisation, facts)


def _whose(organisation: Organisation, facts: TokenFacts) -> Check:
    """The token is good, and says nothing against being ours; whether it says that it is."""
    hours = facts.life / 3600
    life = f"{hours:.0f} timmar" if hours >= 1.5 else f"{facts.life / 60:.0f} minuter"
    if facts.owner.is_of(organisation.number):
        told = f"Behörighetsservern gav oss behörighet för SE{organisation.number}. Den gäller i {life}."
        return right("Behörighet", told)
    told = f"Behörighetsservern gav oss behörighet. Den gäller i {life}."
    if not needs_certificate(organisation.environment):
        return right("Behörighet", told)
    says = f"säger bara {facts.owner.said}" if facts.owner.said else "säger inte vilken organisation den gäller"
    return warning(
        "Behörighet",
        f"{told} Den {says}, så det gick inte att kontrollera att den är huvudmannens.",
        "Den används ändå. Kontrollera själv att certifikatet är utfärdat till huvudmannen.",
    )


def _address(organisation: Organisation) -> str:
    """What to do when something else answers than the authorisation server."""
    there = addresses(organisation.environment).token
    setting = "PROVSLUSS_TOKEN_URL" if needs_certificate(organisation.environment) else "PROVSLUSS_SIMULATOR_URL"
    return (
        f"Kontrollera att {there} är behörighetsserverns adress ({setting}), och att ingen proxy eller brandvägg "
        "svarar i stället."
    )


def _told(problem: ProvtjanstError) -> str:
    """Our sentence, and the server's own words where there are any."""
    words = problem.server_text if isinstance(problem, TokenRefused) else ""
    words = " ".join(words.split())[:200]
    status = f" (status {problem.status_code})" if problem.status_code else ""
    sentence = str(problem).removesuffix(WHERE_TO_LOOK)
    return f"{sentence} Servern svarade: {words}{status}" if words else sentence


def _why_refused(organisation: Organisation, known: Sequence[Check], problem: TokenRefused) -> str:
    """What the most likely reason is, by everything that can be known here; nothing where `problem` says it all."""
    if problem.says_it_all:
        return ""
    if problem.status_code in NOT_THERE:
        return _address(organisation)
    if errors := [check.title.lower() for check in known if check.level == Level.ERROR]:
        return f"Rätta först det som är fel ovan ({', '.join(errors)}). Det räcker som förklaring."
    if not needs_certificate(organisation.environment):
        return "Kontrollera att simulatorn är rätt startad."
    if organisation.client_key == ClientKey.FINGERPRINT:
        if any(check.title == "Utfärdare" and check.level == Level.WARNING for check in known):
            return "Den troliga orsaken är utfärdaren, se ovan."
        both = "" if isinstance(problem, CertificateRefused) else ", och båda formerna av fingeravtrycket nekades"
        return (
            f"Fil, nyckel, datum och organisationsnummer stämmer här{both}. "
            "Kontrollera hos utfärdaren att certifikatet inte är spärrat."
        )
    if settings.MOA_METADATA_URL:
        return (
            "Allt stämmer med federationens metadata. Är något nyss ändrat i Moa: vänta någon timme, tills "
            "behörighetsservern har hämtat det. Kontakta annars Skolverket."
        )
    return (
        f"Filerna stämmer här. Kontrollera i Moa att {organisation.entity_id} är registrerat, och att certifikatets "
        "pin (ovan) står där som klient. Med PROVSLUSS_MOA_METADATA_URL kan Provsluss kontrollera det själv."
    )
