"""Many runs: executors, resume, failures as data. Nothing here imports TensorFlow by itself."""
