"""The database engine: django-tenants', which does not wait for ever."""
