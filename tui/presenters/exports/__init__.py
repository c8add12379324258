"""A run to share: as a mail, as Markdown, as a trace for other tools, as a picture."""
