"""What can go wrong with the embedded servers, said in one line."""


class EmbeddedError(Exception):
    """The servers can't be started; the message says why and what to do."""


class AlreadyRunningError(EmbeddedError):
    """Another process runs this instance."""
