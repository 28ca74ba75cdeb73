"""What each template is given: frozen dataclasses, a file for each kind of page."""
