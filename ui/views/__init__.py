"""One file a page: show it, and do what its form asks. Each is short; what may be done is the services' to say."""
