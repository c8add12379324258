"""C as text: tokens, blocks in prose, functions cut out, spellings of other kernels."""
