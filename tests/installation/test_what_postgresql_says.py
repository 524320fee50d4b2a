"""Each way in which PostgreSQL's TLS can refuse has a sentence of its own, which says what to do and no password."""

import pytest

from provsluss.installation.postgresql_words import postgresql_sentence

AT = 'connection failed: connection to server at "127.0.0.1", port 5432 failed: '


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("server does not support SSL, but SSL was required", "har inte TLS påslaget"),
        ("SSL error: certificate verify failed", "har gått ut, har inte börjat gälla, eller är utfärdat av någon"),
        ('root certificate file "/a/ca.crt" does not exist', "Certifikatfilen /a/ca.crt för databasservern finns inte"),
        ('could not read root certificate file "/etc/passwd": no certificate found', "eller går inte att läsa"),
        (
            'server certificate for "db.annan.se" (and 1 other name) does not match host name "127.0.0.1"',
            "certifikat gäller db.annan.se, inte 127.0.0.1",
        ),
        ('server certificate for "db" does not match host name "a.se"', "certifikat gäller db, inte a.se"),
        ("FATAL:  connection requires a valid client certificate", "kräver ett klientcertifikat"),
        ("SSL error: tlsv13 alert certificate required", "kräver ett klientcertifikat"),
        ("SSL error: tlsv1 alert unknown ca", "godtar inte klientcertifikatet"),
        ("SSL error: ssl/tls alert certificate expired", "godtar inte klientcertifikatet"),
        ('certificate present, but not private key file "/a/k.key"', "Nyckelfilen /a/k.key för klientcertifikatet"),
        ('private key file "/a/k.key" has group or world access; file must have', "chmod 600"),
        ('could not load private key file "/a/k.key": key values mismatch', "hör inte till klientcertifikatet"),
        ('could not read certificate file "/etc/passwd": no start line', "Certifikatfilen /etc/passwd"),
        ("SSL error: something that nobody has thought of", "godtas inte"),
    ],
)
def test_tls(text: str, says: str) -> None:
    sentence = postgresql_sentence(AT + text, None)
    assert says in sentence
    assert sentence.endswith(".")
    assert "{" not in sentence
