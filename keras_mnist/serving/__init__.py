"""Trained networks that leave: written, checked in a clean process, found and asked again."""
