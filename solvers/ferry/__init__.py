"""Methods for the ferry family."""
