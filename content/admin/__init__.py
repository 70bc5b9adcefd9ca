"""Articles, pictures and exercises in the staff's workplace."""
