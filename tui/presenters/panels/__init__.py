"""The panels: what each of them says, as rows."""
