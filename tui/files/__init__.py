"""What is kept in files: the user's configuration, and what the screen remembers between runs."""
