"""What every test stands on: servers, databases, people, browsers."""
