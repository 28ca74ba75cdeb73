"""What somebody who asked for help can see and do, without an account."""
