"""The clauses that make up a step's sentence, by the part of the machine they speak of."""
