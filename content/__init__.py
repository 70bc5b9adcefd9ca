"""What a clinic publishes and hands out: articles and exercises."""
