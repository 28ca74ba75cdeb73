"""What happens to the data when power, process or disk fail."""
