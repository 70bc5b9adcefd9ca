"""Who did what, and who opened what: written once, never changed."""
