"""Every page: one module a page, its templates and static files beside it."""
