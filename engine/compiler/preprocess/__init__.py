"""The preprocessor: text to tokens, directives obeyed, macros expanded, casts told from calls."""
