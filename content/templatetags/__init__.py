"""Template tags of what is published and handed out."""
