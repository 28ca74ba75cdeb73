"""Who works here: setting up, signing in, devices, roles, leaving."""
