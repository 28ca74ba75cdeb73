"""What the group decides about itself."""
