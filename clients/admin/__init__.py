"""The clinician's desk and the owner's overview, in the admin."""
