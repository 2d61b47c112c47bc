"""What everything else stands on: errors, checks, whole files, optional packages."""
