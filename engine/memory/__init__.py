"""Guest RAM and the coherent caches above it: words on lines on pages."""
