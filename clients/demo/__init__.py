"""Two demo clinics: their articles, exercises, people and words."""
