"""What can be told from a comment's words alone: plain Python, no clinic, no request."""

from content.screening.crisis import speaks_of_crisis
from content.screening.words import Reason, collapsed, fingerprint_of, reasons_in

__all__ = ["Reason", "collapsed", "fingerprint_of", "reasons_in", "speaks_of_crisis"]
