"""Keys, compartments and sealed records: personal data exists on disk only in here's boxes."""
