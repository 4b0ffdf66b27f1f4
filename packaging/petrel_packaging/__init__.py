"""Makes what is handed out of a release binary: an image and a list of what is in it."""
