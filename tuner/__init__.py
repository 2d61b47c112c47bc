"""A keras-tuner search over an experiment's fields, resumed by replaying what happened."""
