"""What clients are asked to agree to; pure. A new version is asked for again; old ones stay, as they were agreed to."""

import hashlib

# Never change a text that was published: add a version, and say below what is new in it.
TEXTS: dict[int, tuple[str, ...]] = {
    1: (
        "What you write here is kept by your clinic alone. It is locked with its own key, and no other clinic can read it.",
        "Your clinician can read what you send. So can your clinician’s supervisor, if they have one. A draft is yours alone.",
        "If a colleague must step in for your clinician, they can look for one hour. They must say why.",
        "You can see who has looked, and when. An answer that you mark “Only for me” is never shown to anybody.",
        "The clinic must keep what you sent for as long as the law says. You can ask for a copy at any time.",
        "You can change your mind at any time, under Settings.",
    ),
}
# For each version but the first: what changed since the one before, for those who agreed to that.
CHANGES: dict[int, tuple[str, ...]] = {}


def current() -> int:
    """The version that is asked for."""
    return max(TEXTS)


def changed_since(version: int) -> list[str]:
    """What is new for somebody who agreed to this version, oldest first."""
    return [words for newer in sorted(CHANGES) if newer > version for words in CHANGES[newer]]


def fingerprint(version: int) -> str:
    """SHA-256 of the text, so that it can be shown later what exactly was agreed to."""
    return hashlib.sha256("\n".join(TEXTS[version]).encode()).hexdigest()
