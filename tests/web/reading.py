"""What a page says."""

from django.test import Client
from django.urls import reverse


def text_of(client: Client, name: str, *arguments: object, query: str = "", **parameters: str) -> str:
    """The page called `name` as `client` gets it, which must succeed; `query` as written in an address, or by name."""
    answer = client.get(reverse(name, args=arguments) + query, parameters)
    assert answer.status_code == 200
    return answer.content.decode()
