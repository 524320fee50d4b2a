"""The error that says what is wrong with the installation."""


class InstallationProblem(Exception):
    """Something of the installation cannot be used: Swedish sentences that say what, and what to do."""
