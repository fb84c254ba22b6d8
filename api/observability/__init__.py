"""What the service tells those who run it: logs and metrics, without a word of its users'."""
