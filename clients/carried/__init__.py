"""What a clinic's export holds of clients besides rows: pages for people, and FHIR for other programs.

In neither are drafts, nor what a client keeps to themselves: both are read by people to whom those were not sent.
"""
