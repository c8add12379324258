"""The keys: every command of every screen, declared once for keys, footer, palette and help."""
