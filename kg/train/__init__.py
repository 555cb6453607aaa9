"""Training of the name recogniser from what people said is right, held against the weights that are there."""
