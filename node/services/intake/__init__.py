"""How needs come in: the call, the form, half-typed drafts."""
