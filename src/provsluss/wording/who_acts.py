"""Who must act on what a transfer says, in one sentence, where what it says does not tell by itself."""

from provsluss.transfers.models import Category

_SENTENCES = {
    Category.WILL_MEND_ITSELF: "Du behöver inte göra något.",
    Category.NEEDS_OPERATOR: "Det är den som sköter Provsluss och er anslutning till Skolverket som måste göra något.",
}


def who_acts(category: str) -> str:
    """The sentence for a category; empty where the notice and its buttons say what there is to do."""
    return _SENTENCES.get(Category(category), "") if category else ""
