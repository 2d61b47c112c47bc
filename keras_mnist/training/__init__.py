"""Training: (experiment, seed) -> run record. Importing its modules loads TensorFlow."""
