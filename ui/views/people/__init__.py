"""People, volunteers, street teams."""
