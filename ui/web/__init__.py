"""Around every page: who reads it, in which language, the seal of forms, faults, the frame, files and headers."""
