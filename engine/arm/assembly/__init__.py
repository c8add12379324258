"""The text of assembly programs: split into statements, whose operands are read from the left."""
