"""Policy candidates as C text, read out of C files, patches and mails with the user's own lines."""
