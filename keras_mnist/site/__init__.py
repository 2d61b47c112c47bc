"""The page: everything that stored records say, in one HTML file that needs nothing else."""
