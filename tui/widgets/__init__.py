"""The parts of the screen, one a module: each shows the rows of one presenter."""
