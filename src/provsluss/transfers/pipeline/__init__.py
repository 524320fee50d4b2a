"""The steps of a transfer: prepare, post, ask, record, one sync job after the other."""
