"""Why a source could not be read at all."""


class SourceRefused(Exception):
    """The source is refused as a whole, and nothing changes. The message is a Swedish sentence for the user."""
