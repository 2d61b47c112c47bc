"""Finished runs told to what people keep their runs in: MLflow, W&B, Trackio, TensorBoard."""
