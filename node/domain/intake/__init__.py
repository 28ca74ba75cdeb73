"""A call or a form: what is asked, what must be there, emergency words, a pasted message."""
