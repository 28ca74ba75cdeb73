"""What members of staff are told by themselves: found in the rows, bundled, sent by mail."""
